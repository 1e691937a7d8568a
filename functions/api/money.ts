/** What the market's people see and do of money: each noun's handlers stand in a file of their own beside this one. */
import { billingProfileRoutes } from '../../shared/api/routes/billing-profile.ts';
import { closeRoutes } from '../../shared/api/routes/close.ts';
import { invoiceRoutes } from '../../shared/api/routes/invoice.ts';
import { payoutRoutes } from '../../shared/api/routes/payout.ts';
import { api } from '../middleware/api.ts';
import { getBillingSettings, getCompanyBillingProfile, putBillingSettings } from './billing-profile.ts';
import { approveClose, estimateClose, getClose, listCloseInvoices, listCloses, startClose } from './closes.ts';
import { dropInvoice, listCompanyInvoices, voidInvoice } from './invoices.ts';
import {
  approvePayoutRun,
  approveProviderDebt,
  dropPayoutRun,
  getPayoutRun,
  getProviderTaxReports,
  listPayoutHolds,
  listPayoutRunLines,
  listPayoutRuns,
  makePayoutRun,
  proposeProviderDebt,
  releasePayoutHold,
} from './payout-runs.ts';

export const handler = api('money', [...billingProfileRoutes, ...closeRoutes, ...invoiceRoutes, ...payoutRoutes], {
  getCompanyBillingProfile,
  getBillingSettings,
  putBillingSettings,
  startClose,
  listCloses,
  getClose,
  approveClose,
  listCloseInvoices,
  estimateClose,
  listCompanyInvoices,
  voidInvoice,
  dropInvoice,
  makePayoutRun,
  listPayoutRuns,
  getPayoutRun,
  listPayoutRunLines,
  approvePayoutRun,
  dropPayoutRun,
  listPayoutHolds,
  releasePayoutHold,
  proposeProviderDebt,
  approveProviderDebt,
  getProviderTaxReports,
});
