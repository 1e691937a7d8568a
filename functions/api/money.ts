/** What the market's people see and do of money: each noun's handlers stand in a file of their own beside this one. */
import { api } from '../middleware/api.ts';
import { getBillingSettings, getCompanyBillingProfile, putBillingSettings } from './billing-profile.ts';
import { approveClose, estimateClose, getClose, listCloseInvoices, listCloses, startClose } from './closes.ts';
import { dropInvoice, listCompanyInvoices, voidInvoice } from './invoices.ts';

export const handler = api('money', {
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
});
