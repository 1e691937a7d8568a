/**
 * Who a customer is to a company: the handle it sends, in one form. The published rule, so that a customer who comes back
 * on another channel is found, and nobody is taken for somebody else:
 * - an e-mail address: without surrounding blanks, in NFC, all lower case. Tags (`ada+shop@…`) and dots stay, since only
 *   the mailbox's own server knows what they mean;
 * - a phone number in international form (`+` or `00`, also behind `tel:`): E.164, `+` and 8 to 15 digits; a trunk zero
 *   that is written as `(0)` is left out;
 * - everything else, national numbers too: exactly as the company sent it, for an account number may look like a number
 *   of somebody's phone.
 */
import { emailOf } from './email.ts';

/** International form, with what people write between the digits. */
const INTERNATIONAL = /^(?:tel:)?\s*(?:\+|00)[\d\s().\-/]{6,30}$/i;

/** A handle in its one form. The same customer's forms give the same text; text that is neither address nor number is kept. */
export function normalHandle(handle: string): string {
  return emailOf(handle) ?? phoneOf(handle) ?? handle;
}

function phoneOf(handle: string): string | undefined {
  const text = handle.trim();
  if (!INTERNATIONAL.test(text)) return undefined;
  const digits = text
    .replace(/^tel:\s*/i, '')
    .replace('(0)', '')
    .replace(/\D/g, '')
    .replace(/^00/, '');
  return /^[1-9]\d{7,14}$/.test(digits) ? `+${digits}` : undefined;
}
