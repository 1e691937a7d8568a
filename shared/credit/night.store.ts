/** The nightly look at who may owe too much. Its cost grows with what was posted since the night before, and with who pauses. */
import * as z from 'zod';
import { listPaused } from '../budget/pause.store.ts';
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { DAY, HOUR } from '../kernel/time.ts';
import { movedFrom, movedSince } from '../ledger/moved.store.ts';
import type { Moved } from '../ledger/moved.ts';
import { readOrganisations } from '../organisation/organisation.store.ts';
import { addOwed, reviewCompany } from './credit.store.ts';

const NIGHTLY: Key = { pk: 'SW#credit', sk: '-' };
export const CREDIT_DUE = 'credit';
const Night = z.object({
  /** The last company that was looked at tonight. */
  cursor: z.string().nullable(),
  dueAt: z.number(),
  /** When the night before began: who has moved since then is looked at. Null on the first night, which looks at all. */
  since: z.number().nullable().default(null),
});
const PAGE = 100;
/** Companies that are looked at side by side. */
const WIDTH = 4;
/** After the caps' own look at midnight. */
const AT_HOUR_MS = HOUR;
const nextNight = (now: number): number => (Math.floor(now / DAY) + 1) * DAY + AT_HOUR_MS;
const begun = cachePerOwner<true>(1);

/** Begins the nightly look; in a process that has seen to it, this costs nothing. */
export async function beginCreditReviews(call: Call): Promise<void> {
  const known = begun(call.tables.owner);
  if (known.has('')) return;
  const dueAt = nextNight(call.now);
  const item = { ...NIGHTLY, cursor: null, dueAt, ...financeDueAt(dueAt, CREDIT_DUE, 'nightly') };
  await call.tables.put('ledger', item, ABSENT);
  known.set('', true);
}

/**
 * Looks at companies once a night, a page at a time while there is time: at those of which something was posted since the
 * night before, and at those that pause. What others owe is as it was; what they commit was looked at as they did, and what
 * becomes overdue is on its own day.
 */
export async function sweepCredit(call: Call, mayGoOn: () => boolean): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, CREDIT_DUE);
  if (due.length === 0) return { nextAt };
  let tonight: Tonight | undefined;
  for (;;) {
    const night = await call.tables.get('ledger', NIGHTLY, Night, { consistent: true });
    if (night === undefined || night.dueAt > call.now) return { nextAt: night?.dueAt ?? nextAt };
    tonight ??= await lookAtTonight(call, night.since);
    const { cursor: last } = night;
    const left = last === null ? tonight.companies : tonight.companies.filter((company) => company > last);
    const page = left.slice(0, PAGE);
    await review(call, page, tonight);
    const cursor = left.length > PAGE ? (page.at(-1) ?? null) : null;
    const dueAt = cursor === null ? nextNight(call.now) : night.dueAt;
    const since = cursor === null ? night.dueAt : night.since;
    const set = { cursor, dueAt, since, ...financeDueAt(dueAt, CREDIT_DUE, 'nightly') };
    await call.tables.update('ledger', NIGHTLY, { set }, [['=', 'dueAt', night.dueAt]]);
    if (cursor === null) return { nextAt: dueAt };
    if (!mayGoOn()) return { nextAt: call.now };
  }
}

type Tonight = { companies: string[]; moved: ReadonlyMap<string, Moved>; paused: Set<string> };

async function lookAtTonight(call: Call, since: number | null): Promise<Tonight> {
  const moved = since === null ? await movedFrom(call, '') : await movedSince(call, since);
  const paused = new Set(await listPaused(call));
  return { companies: [...new Set([...moved.keys(), ...paused])].sort(), moved, paused };
}

/** Who is within its limit for certain, and does not pause, needs no closer look. */
async function review(call: Call, page: readonly string[], { moved, paused }: Tonight): Promise<void> {
  const found = await readOrganisations(call.tables, page);
  const companies = page.flatMap((id) => {
    const company = found.get(id);
    return company?.status === 'approved' ? [{ company, owedMicros: moved.get(id)?.owedMicros ?? 0 }] : [];
  });
  const within = await addOwed(
    call,
    companies.filter(({ company }) => !paused.has(company.id)),
  );
  const others = companies.filter(({ company }) => !within.has(company.id));
  await mapConcurrent(others, WIDTH, ({ company }) => reviewCompany(call, company));
}
