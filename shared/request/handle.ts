/**
 * Who a customer is to a company: the handle it sends, in one form. The published rule, so that a customer who comes back
 * on another channel is found, and nobody is taken for somebody else:
 * - an e-mail address: without surrounding blanks, in NFC, all lower case. Tags (`ada+shop@…`) and dots stay, since only
 *   the mailbox's own server knows what they mean;
 * - a phone number in international form (`+` or `00`, also behind `tel:`): E.164;
 * - everything else, national numbers too: exactly as the company sent it, for an account number may look like a number
 *   of somebody's phone.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import * as z from 'zod';

const Email = z.email().max(254);
/** International form, with what people write between the digits. */
const INTERNATIONAL = /^(?:tel:)?\s*(?:\+|00)[\d\s().\-/]{6,30}$/i;

/** A handle in its one form. The same customer's forms give the same text; text that is neither address nor number is kept. */
export function normalHandle(handle: string): string {
  return emailOf(handle) ?? phoneOf(handle) ?? handle;
}

/** The handle as an e-mail address that mail can be sent to; undefined where it is none. */
export function emailOf(handle: string): string | undefined {
  const address = handle.trim().normalize('NFC').toLowerCase();
  return Email.safeParse(address).success ? address : undefined;
}

function phoneOf(handle: string): string | undefined {
  const text = handle.trim();
  if (!INTERNATIONAL.test(text)) return undefined;
  const digits = text.replace(/^tel:\s*/i, '').replace(/^00/, '+');
  const number = parsePhoneNumberFromString(digits);
  return number?.isPossible() === true ? number.number : undefined;
}
