/** What the market's people see and do of money: each noun's handlers stand in a file of their own beside this one. */
import { accountEndRoutes } from '../../shared/api/routes/account-end.ts';
import { billingProfileRoutes } from '../../shared/api/routes/billing-profile.ts';
import { cashRoutes } from '../../shared/api/routes/cash.ts';
import { closeRoutes } from '../../shared/api/routes/close.ts';
import { creditRoutes } from '../../shared/api/routes/credit.ts';
import { disputeRoutes } from '../../shared/api/routes/dispute.ts';
import { invoiceRoutes } from '../../shared/api/routes/invoice.ts';
import { ledgerRoutes } from '../../shared/api/routes/ledger.ts';
import { payoutRoutes } from '../../shared/api/routes/payout.ts';
import { providerMoneyRoutes } from '../../shared/api/routes/provider-money.ts';
import { reconciliationRoutes } from '../../shared/api/routes/reconciliation.ts';
import { api } from '../middleware/api.ts';
import * as accountEnds from './account-ends.ts';
import * as adjustments from './adjustments.ts';
import * as profiles from './billing-profile.ts';
import * as cash from './cash.ts';
import * as closes from './closes.ts';
import * as credit from './credit.ts';
import * as credits from './credits.ts';
import * as disputes from './disputes.ts';
import * as invoices from './invoices.ts';
import * as payoutRuns from './payout-runs.ts';
import * as providerMoney from './provider-money.ts';
import * as reconciliation from './reconciliation.ts';

export const handler = api(
  'money',
  [
    ...accountEndRoutes,
    ...billingProfileRoutes,
    ...invoiceRoutes,
    ...closeRoutes,
    ...cashRoutes,
    ...creditRoutes,
    ...disputeRoutes,
    ...ledgerRoutes,
    ...payoutRoutes,
    ...providerMoneyRoutes,
    ...reconciliationRoutes,
  ],
  {
    ...accountEnds,
    ...profiles,
    ...closes,
    ...invoices,
    ...disputes,
    ...credits,
    ...cash,
    ...adjustments,
    ...credit,
    ...reconciliation,
    ...payoutRuns,
    ...providerMoney,
  },
);
