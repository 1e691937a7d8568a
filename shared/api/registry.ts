/** All routes of the API. */

import type { Route } from './route.ts';
import { companyRoutes } from './routes/company.ts';
import { connectorRoutes } from './routes/connector.ts';
import { customerRoutes } from './routes/customer.ts';
import { customerDataRoutes } from './routes/customer-data.ts';
import { dispatchRoutes } from './routes/dispatch.ts';
import { financeRoutes } from './routes/finance.ts';
import { importRoutes } from './routes/import.ts';
import { localRoutes } from './routes/local.ts';
import { marketRoutes } from './routes/market.ts';
import { operationsRoutes } from './routes/operations.ts';
import { operatorRoutes } from './routes/operator.ts';
import { playbookRoutes } from './routes/playbook.ts';
import { providerRoutes } from './routes/provider.ts';
import { receiptRoutes } from './routes/receipt.ts';
import { reputationRoutes } from './routes/reputation.ts';
import { threadRoutes } from './routes/thread.ts';
import { webhookRoutes } from './routes/webhook.ts';

export const registry = [
  ...marketRoutes,
  ...companyRoutes,
  ...importRoutes,
  ...connectorRoutes,
  ...providerRoutes,
  ...dispatchRoutes,
  ...financeRoutes,
  ...customerRoutes,
  ...customerDataRoutes,
  ...receiptRoutes,
  ...reputationRoutes,
  ...threadRoutes,
  ...playbookRoutes,
  ...operatorRoutes,
  ...webhookRoutes,
  ...operationsRoutes,
  ...localRoutes,
] as const;
export const routes: readonly Route[] = registry;

export type RegisteredRoute = (typeof registry)[number];
