/**
 * A company's pause `B#<company>` / `!pause`, beside its caps, so that one look finds both. What it holds back stands in the same
 * lists as what a cap does, and becomes ready the same way.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { Currency } from '../kernel/money.ts';
import { ABSENT } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { announce } from '../webhook/webhook.store.ts';
import { dueKeys, forgetBudgets, heldPartition, pauseKey, readBudget, StoredPause } from './budget.store.ts';
import type { Pause, PauseReason } from './pause.ts';

/** The pause as it stands; undefined where there is none. */
export async function readPause(call: Call, company: string): Promise<Pause | undefined> {
  const stored = await call.tables.get('market', pauseKey(company), StoredPause, { consistent: true });
  return stored === undefined || stored.isEnding ? undefined : stored;
}

/** Pauses are listed under this, by company. */
const PAUSED = 'paused';

/** The companies that have a pause, or one that is ending, in order. */
export async function listPaused(call: Call): Promise<string[]> {
  const index = { name: 'owner', pk: 'opk', sk: 'osk' };
  const found = await call.tables.queryAll('market', z.object({ pk: z.string() }), { index, pk: PAUSED });
  return found.map(({ pk }) => pk.slice('B#'.length));
}

/** Pauses a company's new requests, or says anew why. It is told when the pause begins. */
export async function pauseCompany(
  call: Call,
  company: string,
  reasons: readonly PauseReason[],
  detail: string,
): Promise<void> {
  const pause = { reasons: [...reasons], since: iso(call.now), detail, isEnding: false };
  const listed = { opk: PAUSED, osk: company };
  const written = await call.tables.put('market', { ...pauseKey(company), ...pause, ...listed }, ABSENT);
  forgetBudgets(call, company);
  if (!written.ok) {
    const { since, isEnding } = StoredPause.parse(written.old);
    const set = { ...pause, since: isEnding ? pause.since : since };
    await call.tables.update('market', pauseKey(company), { set }, [['present', 'pk']]);
    forgetBudgets(call, company);
    if (!isEnding) return;
  }
  await announce(call, {
    tenant: company,
    type: 'company.paused',
    subject: company,
    at: call.now,
    data: { reasons: [...reasons], detail },
  });
}

/** Ends a pause: what it held back is looked at now. It may die anywhere and be called again. */
export async function endPause(call: Call, company: string): Promise<void> {
  const stored = await call.tables.get('market', pauseKey(company), StoredPause, { consistent: true });
  if (stored === undefined) return;
  await call.tables.update('market', pauseKey(company), { set: { isEnding: true } }, [['present', 'pk']]);
  forgetBudgets(call, company);
  for (const currency of Currency.options) await wake(call, company, currency);
  await call.tables.delete('market', pauseKey(company), [['=', 'isEnding', true]]);
  forgetBudgets(call, company);
  await announce(call, {
    tenant: company,
    type: 'company.resumed',
    subject: company,
    at: call.now,
    data: { since: stored.since },
  });
}

/** Lets the sweep of caps look at what is held back in a currency; without a cap there, it gets one that caps nothing. */
async function wake(call: Call, company: string, currency: Currency): Promise<void> {
  const held = await call.tables.query('requests', z.object({ wsk: z.string() }), {
    index: { name: 'worklist', pk: 'wpk', sk: 'wsk' },
    pk: heldPartition(company, currency),
    limit: 1,
  });
  if (held.items.length === 0) return;
  const key = { pk: pauseKey(company).pk, sk: currency };
  const due = dueKeys(company, currency, call.now);
  const before = await readBudget(call, company, currency);
  if (before === undefined) {
    const none = { company, currency, capMicros: null, beyond: 'hold', version: 1 };
    await call.tables.put('market', { ...key, ...none, ...due }, ABSENT);
  } else
    await call.tables.update('market', key, { set: { ...due, version: before.version + 1 } }, [
      ['=', 'version', before.version],
    ]);
}
