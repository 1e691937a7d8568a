/** Companies' and providers' own money: each noun's handlers stand in a file of their own beside this one. */
import { api } from '../middleware/api.ts';
import { getBillingProfile, putBillingProfile } from './billing-profile.ts';
import { getInvoice, getInvoiceEstimate, listInvoiceLines, listInvoices, listLineCharges } from './invoices.ts';

export const handler = api('billing', {
  getBillingProfile,
  putBillingProfile,
  listInvoices,
  getInvoice,
  listInvoiceLines,
  listLineCharges,
  getInvoiceEstimate,
});
