/** Companies' and providers' own money: each noun's handlers stand in a file of their own beside this one. */
import { billingProfileRoutes } from '../../shared/api/routes/billing-profile.ts';
import { creditRoutes } from '../../shared/api/routes/credit.ts';
import { disputeRoutes } from '../../shared/api/routes/dispute.ts';
import { invoiceRoutes } from '../../shared/api/routes/invoice.ts';
import { payoutRoutes } from '../../shared/api/routes/payout.ts';
import { api } from '../middleware/api.ts';
import * as profiles from './billing-profile.ts';
import * as credit from './credit.ts';
import * as credits from './credits.ts';
import * as disputes from './disputes.ts';
import * as invoices from './invoices.ts';
import * as payouts from './payouts.ts';

export const handler = api(
  'billing',
  [...billingProfileRoutes, ...invoiceRoutes, ...creditRoutes, ...disputeRoutes, ...payoutRoutes],
  {
    ...profiles,
    ...invoices,
    ...credit,
    ...disputes,
    ...credits,
    ...payouts,
  },
);
