/**
 * What the stand-in keeps, by Stripe's own word for it (`object`), typed by the SDK. Names with `local.` are its own
 * notes, never answered to anybody.
 */
import type { Stripe } from 'stripe';

export type Kinds = {
  'billing.meter': Stripe.Billing.Meter;
  'billing.meter_event': Stripe.Billing.MeterEvent;
  'billing_portal.configuration': Stripe.BillingPortal.Configuration;
  'billing_portal.session': Stripe.BillingPortal.Session;
  'checkout.session': Stripe.Checkout.Session;
  'v2.core.account': Stripe.V2.Core.Account;
  'v2.core.event': Stripe.V2.Core.Event;
  balance: Stripe.Balance;
  balance_settings: Stripe.BalanceSettings;
  balance_transaction: Stripe.BalanceTransaction;
  charge: Stripe.Charge;
  credit_note: Stripe.CreditNote;
  credit_note_line_item: Stripe.CreditNoteLineItem;
  customer: Stripe.Customer;
  customer_balance_transaction: Stripe.CustomerBalanceTransaction;
  customer_cash_balance_transaction: Stripe.CustomerCashBalanceTransaction;
  dispute: Stripe.Dispute;
  event: Stripe.Event;
  invoice: Stripe.Invoice;
  invoice_payment: Stripe.InvoicePayment;
  invoiceitem: Stripe.InvoiceItem;
  line_item: Stripe.InvoiceLineItem;
  mandate: Stripe.Mandate;
  payment_intent: Stripe.PaymentIntent;
  payment_method: Stripe.PaymentMethod;
  payment_record: Stripe.PaymentRecord;
  payout: Stripe.Payout;
  price: Stripe.Price;
  product: Stripe.Product;
  refund: Stripe.Refund;
  setup_intent: Stripe.SetupIntent;
  tax_id: Stripe.TaxId;
  topup: Stripe.Topup;
  transfer: Stripe.Transfer;
  transfer_reversal: Stripe.TransferReversal;
  /** What a resource must remember and Stripe does not show; `id` names it. */
  'local.note': { id: string; object: 'local.note'; [more: string]: unknown };
};
export type Kind = keyof Kinds;

/** Fields that lists and decisions look objects up by; each has an index over every kind that has the field. */
export const INDEXED = [
  'charge',
  'credit_note',
  'customer',
  'customer_account',
  'destination',
  'email',
  'event_name',
  'identifier',
  'invoice',
  'payload.stripe_customer_id',
  'payment.payment_intent',
  'payment.payment_record',
  'payment_intent',
  'payment_method',
  'payout',
  'setup_intent',
  'source',
  'status',
  'transfer',
  'transfer_group',
  'type',
] as const;
