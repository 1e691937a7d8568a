/**
 * The nightly recount: what a month's days really take, from the list of requests. It gives back what ended uncharged or
 * cheaper, and what a crash took for a request that never was.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Currency } from '../kernel/money.ts';
import { type Item, keyText } from '../kernel/table.ts';
import { DAY, fromIso, monthOf } from '../kernel/time.ts';
import { readCharges } from '../ledger/ledger.store.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import { headList, type RequestFacts, readFacts } from '../request/request.store.ts';
import { Head, isOver } from '../request/request.ts';
import { listsOf, monthKey, noteAlerts, readMonth } from './budget.store.ts';
import { alertsReached, dayAttribute, daysToCount, takenOn, usedMicros } from './budget.ts';

const PAGE = 100;

/** Counts the days before today of the running month again. Each day is one conditional write, so it can stop anywhere. */
export async function recount(call: Call, company: string, currency: Currency): Promise<void> {
  const month = monthOf(call.now);
  const key = monthKey(company, month, currency);
  const found = await readMonth(call, company, month, currency);
  if (found === undefined) return;
  const lists = await listsIn(call, company, month, currency);
  let allFinal = true;
  for (const day of daysToCount(month, found.finalThrough, call.now)) {
    const before = takenOn(found, day);
    const { micros, areFinal } = await countDay(call, company, lists, day);
    allFinal &&= areFinal;
    if (before === micros && !allFinal) continue;
    const set = { [dayAttribute(day)]: micros, ...(allFinal ? { finalThrough: day } : {}) };
    await call.tables.update('market', key, { set, add: { leftMicros: before - micros } }, [
      ['absent or =', dayAttribute(day), before],
    ]);
  }
  // What a crash left unrecorded.
  await noteAlerts(call, key, alertsReached(usedMicros(found), found.capMicros), found.capMicros);
}

type List = { queue: string; round: number };

async function listsIn(call: Call, company: string, month: string, currency: Currency): Promise<List[]> {
  const lists = await listsOf(call, company, month);
  const queues = await Promise.all(lists.map(({ queue }) => readQueueItem(call.tables, queue)));
  return lists.filter((_, i) => queues[i]?.currency === currency);
}

/** What the requests take that became ready on a day, and whether none of them can change any more. */
async function countDay(
  call: Call,
  company: string,
  lists: readonly List[],
  day: string,
): Promise<{ micros: number; areFinal: boolean }> {
  let micros = 0;
  let areFinal = true;
  for (const { queue, round } of lists) {
    let after: Item | undefined;
    do {
      const page = await call.tables.query('requests', z.object({ pk: z.string(), sk: z.string() }), {
        index: { name: 'list', pk: 'lpk', sk: 'lsk' },
        pk: headList(company, queue, round),
        from: timeKey(fromIso(day)),
        to: `${timeKey(fromIso(day) + DAY - 1)}~`,
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      const heads = await call.tables.getMany('requests', page.items, Head, { consistent: true });
      const counted = page.items.flatMap((item) => {
        const head = heads.get(keyText(item));
        return head?.counted === day ? [head] : [];
      });
      const facts = await readFacts(call, counted);
      areFinal &&= facts.every(({ head, view }) => isOver(view.state, head, call.now));
      micros += await takenBy(call, facts);
      after = page.after;
    } while (after !== undefined);
  }
  return { micros, areFinal };
}

/** Open requests take their price; final ones what was charged. */
async function takenBy(call: Call, facts: readonly RequestFacts[]): Promise<number> {
  const posted = facts.filter((fact) => fact.isPosted).map((fact) => fact.head.id);
  const charges = await readCharges(call, posted);
  return facts.reduce((sum, { head, view }) => {
    if (!isOver(view.state, head, call.now)) return sum + head.priceMicros;
    return sum + Number(charges.get(head.id)?.facts.priceMicros ?? 0);
  }, 0);
}
