/** Companies' and providers' own money: each noun's handlers stand in a file of their own beside this one. */
import { billingProfileRoutes } from '../../shared/api/routes/billing-profile.ts';
import { creditRoutes } from '../../shared/api/routes/credit.ts';
import { invoiceRoutes } from '../../shared/api/routes/invoice.ts';
import { payoutRoutes } from '../../shared/api/routes/payout.ts';
import { api } from '../middleware/api.ts';
import { getBillingProfile, openBillingPortal, putBillingProfile, setUpPaymentMethod } from './billing-profile.ts';
import { getCredit } from './credit.ts';
import { getInvoice, getInvoiceEstimate, listInvoiceLines, listInvoices, listLineCharges } from './invoices.ts';
import {
  getPayout,
  getPayoutAccount,
  getPayoutProfile,
  getRemittance,
  getRemittanceCsv,
  getTaxReport,
  linkPayoutAccount,
  listPayables,
  listPayoutLines,
  listPayouts,
  listSelfBilledInvoices,
  putPayoutProfile,
  refreshPayoutAccount,
} from './payouts.ts';

export const handler = api('billing', [...billingProfileRoutes, ...invoiceRoutes, ...creditRoutes, ...payoutRoutes], {
  getBillingProfile,
  putBillingProfile,
  setUpPaymentMethod,
  openBillingPortal,
  listInvoices,
  getInvoice,
  listInvoiceLines,
  listLineCharges,
  getInvoiceEstimate,
  getCredit,
  getPayout,
  getPayoutAccount,
  getPayoutProfile,
  getRemittance,
  getRemittanceCsv,
  getTaxReport,
  linkPayoutAccount,
  listPayables,
  listPayoutLines,
  listPayouts,
  listSelfBilledInvoices,
  putPayoutProfile,
  refreshPayoutAccount,
});
