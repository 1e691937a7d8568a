/** All that the stand-in serves. */
import type { Resource } from './resource.ts';
import { accounts } from './resources/accounts.ts';
import { checkout } from './resources/checkout.ts';
import { customerBalance } from './resources/customer-balance.ts';
import { customers } from './resources/customers.ts';
import { events } from './resources/events.ts';
import { meters } from './resources/meters.ts';
import { MONEY } from './resources/money.ts';
import { paymentMethods } from './resources/payment-methods.ts';
import { portal } from './resources/portal.ts';
import { setupIntents } from './resources/setup-intents.ts';
import { taxIds } from './resources/tax-ids.ts';

export const RESOURCES: readonly Resource[] = [
  // Who pays.
  customers,
  customerBalance,
  taxIds,
  paymentMethods,
  setupIntents,
  checkout,
  portal,
  // Who is paid.
  accounts,
  // What is billed, paid and paid out.
  ...MONEY,
  // What happened.
  meters,
  events,
];
