/** All screens, area by area. Each area has a file of its own, so that areas grow side by side. */
import { accountScreens } from '../screens/account.ts';
import { companyScreens } from '../screens/company.ts';
import { financeScreens } from '../screens/finance.ts';
import { frontDoorScreens } from '../screens/front-door.ts';
import { marketScreens } from '../screens/market.ts';
import { marketFinanceScreens } from '../screens/market-finance.ts';
import { operatorScreens } from '../screens/operator.ts';
import { providerScreens } from '../screens/provider.ts';
import type { Screen } from './screen.ts';

export const screens: readonly Screen[] = [
  ...frontDoorScreens,
  ...marketScreens,
  ...companyScreens,
  ...providerScreens,
  ...marketFinanceScreens,
  ...financeScreens,
  ...operatorScreens,
  ...accountScreens,
];
