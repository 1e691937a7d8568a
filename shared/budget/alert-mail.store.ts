/** Alerts by mail, `BMAIL#<company>#<month>` / `<currency>#<percent>#<cap>`: an errand until it is sent; the address is read then. */
import * as z from 'zod';
import { readProfile } from '../billing-profile/billing-profile.store.ts';
import { errandKeys } from '../customer/errand.store.ts';
import type { Call } from '../kernel/call.ts';
import { shortHash } from '../kernel/hash.ts';
import { Currency } from '../kernel/money.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import type { AlertFacts } from './alert-mail.ts';

const PREFIX = 'BMAIL#';
export const isAlertMail = (key: Key): boolean => key.pk.startsWith(PREFIX);

const Ordered = z.object({
  company: z.string(),
  month: z.string(),
  currency: Currency,
  percent: z.int(),
  capMicros: z.int(),
  at: z.number(),
  state: z.enum(['pending', 'sent', 'dropped']),
});

/** Orders the mail of an alert, once. */
export async function orderAlertMail(call: Call, company: string, facts: AlertFacts, at: number): Promise<void> {
  const { month, currency, percent, capMicros } = facts;
  const key = { pk: `${PREFIX}${company}#${month}`, sk: `${currency}#${percent}#${capMicros}` };
  const item = { ...key, ...facts, company, at, state: 'pending', tries: 0, ...errandKeys(key, call.now) };
  await call.tables.put('requests', item, ABSENT);
}

/** The ordered mail and where it goes; `to` is null where the company has no billing contact. Undefined where it is done. */
export async function alertLetter(
  call: Call,
  key: Key,
): Promise<{ id: string; at: number; to: string | null; facts: AlertFacts } | undefined> {
  const ordered = await call.tables.get('requests', key, Ordered, { consistent: true });
  if (ordered?.state !== 'pending') return undefined;
  const { company, at, state: _state, ...facts } = ordered;
  const profile = await readProfile(call, company);
  return { id: await shortHash(`${key.pk}|${key.sk}`), at, to: profile?.billingEmail ?? null, facts };
}
