/** What the market's people see and do of money: each noun's handlers stand in a file of their own beside this one. */
import { api } from '../middleware/api.ts';
import { getCompanyBillingProfile } from './billing-profile.ts';
import {
  approveCashOrder,
  enterCashOrder,
  getCashOrder,
  listCashOrders,
  listUnknownTransactions,
  withdrawCashOrder,
} from './cash.ts';
import { exportReconciliation, getReconciliation, listReconciliations, startReconciliation } from './reconciliation.ts';

export const handler = api('money', {
  approveCashOrder,
  enterCashOrder,
  exportReconciliation,
  getCashOrder,
  getCompanyBillingProfile,
  getReconciliation,
  listCashOrders,
  listReconciliations,
  listUnknownTransactions,
  startReconciliation,
  withdrawCashOrder,
});
