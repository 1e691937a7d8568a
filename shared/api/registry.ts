/** All routes of the API. */

import { defineRoutes, type Route } from './route.ts';
import { accountEndRoutes } from './routes/account-end.ts';
import { billingProfileRoutes } from './routes/billing-profile.ts';
import { cashRoutes } from './routes/cash.ts';
import { certificateRoutes } from './routes/certificate.ts';
import { closeRoutes } from './routes/close.ts';
import { companyRoutes } from './routes/company.ts';
import { connectorRoutes } from './routes/connector.ts';
import { creditRoutes } from './routes/credit.ts';
import { customerRoutes } from './routes/customer.ts';
import { customerDataRoutes } from './routes/customer-data.ts';
import { dispatchRoutes } from './routes/dispatch.ts';
import { disputeRoutes } from './routes/dispute.ts';
import { exportRoutes } from './routes/export.ts';
import { financeRoutes } from './routes/finance.ts';
import { financeReportRoutes } from './routes/finance-report.ts';
import { healthRoutes } from './routes/health.ts';
import { importRoutes } from './routes/import.ts';
import { incidentRoutes } from './routes/incident.ts';
import { invoiceRoutes } from './routes/invoice.ts';
import { invoiceDetailRoutes } from './routes/invoice-detail.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { localRoutes } from './routes/local.ts';
import { marketRoutes } from './routes/market.ts';
import { memberRoutes } from './routes/members.ts';
import { nameRoutes } from './routes/names.ts';
import { operationsRoutes } from './routes/operations.ts';
import { operatorRoutes } from './routes/operator.ts';
import { overviewRoutes } from './routes/overview.ts';
import { payoutRoutes } from './routes/payout.ts';
import { playbookRoutes } from './routes/playbook.ts';
import { providerRoutes } from './routes/provider.ts';
import { providerMoneyRoutes } from './routes/provider-money.ts';
import { receiptRoutes } from './routes/receipt.ts';
import { reconciliationRoutes } from './routes/reconciliation.ts';
import { reputationRoutes } from './routes/reputation.ts';
import { sandboxRoutes } from './routes/sandbox.ts';
import { stripeRoutes } from './routes/stripe.ts';
import { threadRoutes } from './routes/thread.ts';
import { triageRoutes } from './routes/triage.ts';
import { webhookRoutes } from './routes/webhook.ts';

export const registry = [
  ...marketRoutes,
  ...healthRoutes,
  ...memberRoutes,
  ...nameRoutes,
  ...sandboxRoutes,
  ...certificateRoutes,
  ...companyRoutes,
  ...overviewRoutes,
  ...importRoutes,
  ...connectorRoutes,
  ...triageRoutes,
  ...incidentRoutes,
  ...providerRoutes,
  ...dispatchRoutes,
  ...financeRoutes,
  ...ledgerRoutes,
  ...financeReportRoutes,
  ...billingProfileRoutes,
  ...disputeRoutes,
  ...invoiceRoutes,
  ...invoiceDetailRoutes,
  ...closeRoutes,
  ...creditRoutes,
  ...accountEndRoutes,
  ...cashRoutes,
  ...reconciliationRoutes,
  ...exportRoutes,
  ...payoutRoutes,
  ...providerMoneyRoutes,
  ...customerRoutes,
  ...customerDataRoutes,
  ...receiptRoutes,
  ...reputationRoutes,
  ...threadRoutes,
  ...playbookRoutes,
  ...operatorRoutes,
  ...webhookRoutes,
  ...stripeRoutes,
  ...operationsRoutes,
  ...localRoutes,
] as const;
export const routes: readonly Route[] = registry;

/** Paths that speak a protocol of their own: served and deployed like the others, but no part of the API's description. */
const protocolRoutes = defineRoutes([
  ...(['POST', 'GET', 'DELETE'] as const).map((method) => ({
    id: `mcp${method}`,
    function: 'mcp' as const,
    method,
    path: '/mcp' as const,
    summary: 'The Model Context Protocol, for AI agents',
    access: { who: 'everybody' as const },
    repeat: 'none' as const,
    responses: {},
    problems: [],
  })),
  // Signing in, for the site's own pages; one machine has a way of its own under the same paths.
  ...(['session', 'refresh', 'sign-out'] as const).map((what) => ({
    id: `auth-${what}`,
    function: 'auth' as const,
    method: 'POST' as const,
    path: `/auth/${what}` as const,
    summary: 'Signing in and out',
    access: { who: 'everybody' as const },
    repeat: 'none' as const,
    responses: {},
    problems: [],
  })),
]);
/** All that is served. */
export const servedRoutes: readonly Route[] = [...routes, ...protocolRoutes];

export type RegisteredRoute = (typeof registry)[number];
