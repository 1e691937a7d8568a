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
import { reconciliationRoutes } from '../../shared/api/routes/reconciliation.ts';
import { api } from '../middleware/api.ts';
import { approveAccountEnd, askAccountEnd, getAccountEnd, withdrawAccountEnd } from './account-ends.ts';
import { approveAdjustment, listAdjustments, proposeAdjustment, withdrawAdjustment } from './adjustments.ts';
import { getBillingSettings, getCompanyBillingProfile, putBillingSettings } from './billing-profile.ts';
import {
  approveCashOrder,
  enterCashOrder,
  getCashOrder,
  listCashOrders,
  listUnknownTransactions,
  withdrawCashOrder,
} from './cash.ts';
import { approveClose, estimateClose, getClose, listCloseInvoices, listCloses, startClose } from './closes.ts';
import { getCompanyCredit, writeOffInvoice } from './credit.ts';
import { askCreditPayout, declineRefund, listRefunds, releaseRefund } from './credits.ts';
import { decideDispute, getAnyDispute, getAnyDisputeEvidence, listContestedDisputes } from './disputes.ts';
import {
  approveReissue,
  dropInvoice,
  getReissue,
  listCompanyInvoices,
  reissueInvoice,
  voidInvoice,
} from './invoices.ts';
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
import { exportReconciliation, getReconciliation, listReconciliations, startReconciliation } from './reconciliation.ts';

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
    ...reconciliationRoutes,
  ],
  {
    askAccountEnd,
    getAccountEnd,
    approveAccountEnd,
    withdrawAccountEnd,
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
    reissueInvoice,
    getReissue,
    approveReissue,
    listContestedDisputes,
    getAnyDispute,
    getAnyDisputeEvidence,
    decideDispute,
    listRefunds,
    askCreditPayout,
    releaseRefund,
    declineRefund,
    approveCashOrder,
    enterCashOrder,
    getCashOrder,
    listCashOrders,
    listUnknownTransactions,
    withdrawCashOrder,
    proposeAdjustment,
    listAdjustments,
    approveAdjustment,
    withdrawAdjustment,
    getCompanyCredit,
    writeOffInvoice,
    startReconciliation,
    listReconciliations,
    getReconciliation,
    exportReconciliation,
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
  },
);
