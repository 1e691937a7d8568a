/** Companies' and providers' own money: each noun's handlers stand in a file of their own beside this one. */
import { billingProfileRoutes } from '../../shared/api/routes/billing-profile.ts';
import { creditRoutes } from '../../shared/api/routes/credit.ts';
import { disputeRoutes } from '../../shared/api/routes/dispute.ts';
import { invoiceRoutes } from '../../shared/api/routes/invoice.ts';
import { payoutRoutes } from '../../shared/api/routes/payout.ts';
import { api } from '../middleware/api.ts';
import { getBillingProfile, openBillingPortal, putBillingProfile, setUpPaymentMethod } from './billing-profile.ts';
import { getCredit } from './credit.ts';
import { listCreditNotes, listSlaCredits } from './credits.ts';
import {
  answerDispute,
  disputeCharge,
  getDispute,
  getDisputeEvidence,
  listDisputes,
  takeDisputeOffer,
  withdrawDispute,
} from './disputes.ts';
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

export const handler = api(
  'billing',
  [...billingProfileRoutes, ...invoiceRoutes, ...creditRoutes, ...disputeRoutes, ...payoutRoutes],
  {
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
    disputeCharge,
    listDisputes,
    getDispute,
    getDisputeEvidence,
    withdrawDispute,
    takeDisputeOffer,
    answerDispute,
    listCreditNotes,
    listSlaCredits,
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
  },
);
