/** All routes of the API. */

import type { Route } from './route.ts';
import { companyRoutes } from './routes/company.ts';
import { customerRoutes } from './routes/customer.ts';
import { financeRoutes } from './routes/finance.ts';
import { localRoutes } from './routes/local.ts';
import { marketRoutes } from './routes/market.ts';
import { operatorRoutes } from './routes/operator.ts';
import { providerRoutes } from './routes/provider.ts';
import { triageRoutes } from './routes/triage.ts';

export const registry = [
  ...marketRoutes,
  ...companyRoutes,
  ...triageRoutes,
  ...providerRoutes,
  ...financeRoutes,
  ...customerRoutes,
  ...operatorRoutes,
  ...localRoutes,
] as const;
export const routes: readonly Route[] = registry;

export type RegisteredRoute = (typeof registry)[number];
