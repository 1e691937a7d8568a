/** All routes of the API. */

import type { Route } from './route.ts';
import { companyRoutes } from './routes/company.ts';
import { connectorRoutes } from './routes/connector.ts';
import { customerRoutes } from './routes/customer.ts';
import { financeRoutes } from './routes/finance.ts';
import { importRoutes } from './routes/import.ts';
import { localRoutes } from './routes/local.ts';
import { marketRoutes } from './routes/market.ts';
import { operatorRoutes } from './routes/operator.ts';
import { providerRoutes } from './routes/provider.ts';

export const registry = [
  ...marketRoutes,
  ...companyRoutes,
  ...importRoutes,
  ...connectorRoutes,
  ...providerRoutes,
  ...financeRoutes,
  ...customerRoutes,
  ...operatorRoutes,
  ...localRoutes,
] as const;
export const routes: readonly Route[] = registry;

export type RegisteredRoute = (typeof registry)[number];
