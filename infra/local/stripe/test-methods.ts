/**
 * Cards and bank accounts of Stripe's test mode, and how each behaves when it is charged. The names are Stripe's
 * (https://docs.stripe.com/testing): ids such as `pm_card_visa` stand for a new method each time they are used.
 */
import type { Stripe } from 'stripe';
import { fingerprintOf } from './context.ts';

export type Behaviour =
  | 'succeeds'
  /** Charging fails now, with this code. */
  | { declines: 'generic_decline' | 'insufficient_funds' | 'lost_card' | 'expired_card' }
  /** The money comes, and the holder disputes it. */
  | 'is_disputed'
  /** The money is available at once. */
  | 'skips_pending'
  /** A debit that takes days, and then fails. */
  | 'fails_later';

export type TestMethod = {
  type: 'card' | 'sepa_debit' | 'us_bank_account';
  number: string;
  brand?: string;
  behaviour: Behaviour;
  /** It cannot even be attached. */
  isRefused?: boolean;
};

const card = (number: string, behaviour: Behaviour, more: Partial<TestMethod> = {}): TestMethod => ({
  type: 'card',
  number,
  brand: number.startsWith('5') ? 'mastercard' : 'visa',
  behaviour,
  ...more,
});

const METHODS: Readonly<Record<string, TestMethod>> = {
  pm_card_visa: card('4242424242424242', 'succeeds'),
  pm_card_mastercard: card('5555555555554444', 'succeeds'),
  pm_card_bypassPending: card('4000000000000077', 'skips_pending'),
  pm_card_createDispute: card('4000000000000259', 'is_disputed'),
  pm_card_chargeCustomerFail: card('4000000000000341', { declines: 'generic_decline' }),
  pm_card_chargeDeclined: card('4000000000000002', { declines: 'generic_decline' }, { isRefused: true }),
  pm_card_chargeDeclinedInsufficientFunds: card(
    '4000000000009995',
    { declines: 'insufficient_funds' },
    { isRefused: true },
  ),
  pm_card_chargeDeclinedLostCard: card('4000000000009987', { declines: 'lost_card' }, { isRefused: true }),
  pm_card_chargeDeclinedExpiredCard: card('4000000000000069', { declines: 'expired_card' }, { isRefused: true }),
  pm_sepaDebit: { type: 'sepa_debit', number: 'DE89370400440532013000', behaviour: 'succeeds' },
  pm_sepaDebit_fails: { type: 'sepa_debit', number: 'DE62370400440532013001', behaviour: 'fails_later' },
  pm_usBankAccount_success: { type: 'us_bank_account', number: '000123456789', behaviour: 'succeeds' },
  pm_usBankAccount_insufficientFunds: { type: 'us_bank_account', number: '000222222227', behaviour: 'fails_later' },
};

/** The method that a test id or a token stands for. */
export const testMethod = (id: string): TestMethod | undefined =>
  METHODS[id.replace(/^tok_visa_debit$|^tok_visa$/, 'pm_card_visa').replace(/^tok_/, 'pm_card_')];

/** The method of a card's number, an IBAN or an account number. */
export const methodOfNumber = (number: string): TestMethod | undefined =>
  Object.values(METHODS).find((method) => method.number === number.replaceAll(/[ -]/g, ''));

export const TEST_METHODS: readonly string[] = Object.keys(METHODS);

/** What a payment method shows of the card or the account. */
export function shownOf(
  { type, number, brand = 'visa' }: TestMethod,
  expires: { month: number; year: number },
): Partial<Stripe.PaymentMethod> {
  const print = { fingerprint: fingerprintOf(number), last4: number.slice(-4) };
  switch (type) {
    case 'card':
      return {
        card: {
          ...print,
          brand,
          checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
          country: 'US',
          display_brand: brand,
          exp_month: expires.month,
          exp_year: expires.year,
          funding: 'credit',
          generated_from: null,
          networks: { available: [brand], preferred: null },
          regulated_status: 'unregulated',
          three_d_secure_usage: { supported: true },
          wallet: null,
        } satisfies Stripe.PaymentMethod.Card,
      };
    case 'sepa_debit':
      return {
        sepa_debit: {
          ...print,
          bank_code: number.slice(4, 12),
          branch_code: '',
          country: number.slice(0, 2),
          generated_from: null,
        } satisfies Stripe.PaymentMethod.SepaDebit,
      };
    case 'us_bank_account':
      return {
        us_bank_account: {
          ...print,
          account_holder_type: 'company',
          account_type: 'checking',
          bank_name: 'STRIPE TEST BANK',
          financial_connections_account: null,
          networks: { preferred: 'ach', supported: ['ach'] },
          routing_number: '110000000',
          status_details: {},
        } satisfies Stripe.PaymentMethod.UsBankAccount,
      };
  }
}
