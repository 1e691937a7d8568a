/** All routes of the API. */

import type { Route } from './route.ts';
import { companyRoutes } from './routes/company.ts';
import { customerRoutes } from './routes/customer.ts';
import { customerDataRoutes } from './routes/customer-data.ts';
import { financeRoutes } from './routes/finance.ts';
import { localRoutes } from './routes/local.ts';
import { marketRoutes } from './routes/market.ts';
import { operatorRoutes } from './routes/operator.ts';
import { providerRoutes } from './routes/provider.ts';
import { receiptRoutes } from './routes/receipt.ts';
import { reputationRoutes } from './routes/reputation.ts';

export const registry = [
  ...marketRoutes,
  ...companyRoutes,
  ...providerRoutes,
  ...financeRoutes,
  ...customerRoutes,
  ...customerDataRoutes,
  ...receiptRoutes,
  ...reputationRoutes,
  ...operatorRoutes,
  ...localRoutes,
] as const;
export const routes: readonly Route[] = registry;

export type RegisteredRoute = (typeof registry)[number];
