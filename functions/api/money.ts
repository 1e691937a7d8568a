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

export const handler = api('money', {
  approveCashOrder,
  enterCashOrder,
  getCashOrder,
  getCompanyBillingProfile,
  listCashOrders,
  listUnknownTransactions,
  withdrawCashOrder,
});
