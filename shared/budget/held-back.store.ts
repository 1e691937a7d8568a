/** What a cap holds back becomes ready in order of acceptance, as far as the budget lasts. */
import * as z from 'zod';
import { hoursOf } from '../calendar/calendar.store.ts';
import { afterOpenTime, openTimeBetween } from '../calendar/calendar.ts';
import { giveCapacityBack } from '../dispatch/lane.store.ts';
import { intakeRound, readPlan, termsOfRound } from '../dispatch/plan.store.ts';
import type { Plan } from '../dispatch/plan.ts';
import { highestPriceMicros } from '../dispatch/plan.ts';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Currency } from '../kernel/money.ts';
import { dayOf, HOUR } from '../kernel/time.ts';
import { place } from '../request/intake.store.ts';
import { headKey, headList, moveTime, readHead, requestInKey } from '../request/request.store.ts';
import { type Head, headItem } from '../request/request.ts';
import { windowClassOf } from '../terms/terms.ts';
import { dueKeys, giveBudgetBack, heldPartition, noteList, readBudget, takeBudget } from './budget.store.ts';
import { type Budget, nextLook } from './budget.ts';
import { readPause } from './pause.store.ts';
import { recount } from './recount.store.ts';

const PAGE = 25;
const MOST_PAGES = 40;

/**
 * Brings one cap up to now, where it is due: counts the days gone by again, then lets ready what was held back while the
 * budget lasts. Answers when it is due next; null where there is no such cap.
 */
export async function sweepBudget(call: Call, company: string, currency: Currency): Promise<{ nextAt: number | null }> {
  const budget = await readBudget(call, company, currency);
  if (budget === undefined) return { nextAt: null };
  if (budget.dueAt > call.now) return { nextAt: budget.dueAt };
  await recount(call, company, currency);
  const isDone = await releaseHeldBack(call, budget);
  const next = isDone ? nextLook(call.now) : call.now;
  const key = { pk: `B#${company}`, sk: currency };
  const moved = await call.tables.update('market', key, { set: dueKeys(company, currency, next) }, [
    ['=', 'dueAt', budget.dueAt],
    ['=', 'version', budget.version],
  ]);
  return { nextAt: moved.ok ? next : call.now };
}

const WorklistKey = z.object({ pk: z.string(), wsk: z.string() });

/** Whether all was released that the budget allows; false where more is left than one run takes. */
async function releaseHeldBack(call: Call, budget: Budget): Promise<boolean> {
  // What a pause holds back waits for its end.
  if ((await readPause(call, budget.company)) !== undefined) return true;
  let released = 0;
  let after: (z.infer<typeof WorklistKey> & { sk: string }) | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const found = await call.tables.query('requests', WorklistKey, {
      index: { name: 'worklist', pk: 'wpk', sk: 'wsk' },
      pk: heldPartition(budget.company, budget.currency),
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const item of found.items) {
      const head = await readHead(call, requestInKey(item.pk), { consistent: true });
      // The index may lag behind.
      if (head === undefined || head.state !== 'held_back' || head.wsk !== item.wsk) continue;
      const outcome = await release(call, budget, head);
      if (outcome === 'no budget') return true;
      if (outcome === 'released') released += 1;
    }
    if (found.after === undefined) return true;
    after = found.after as typeof after;
  }
  return released === 0;
}

async function release(call: Call, budget: Budget, head: Head): Promise<'released' | 'passed' | 'no budget'> {
  const asked = await asOfNow(call, budget, head);
  if (asked === null) return 'passed';
  const { next, plan } = asked;
  const micros = budget.capMicros === null ? 0 : highestPriceMicros(plan);
  await noteList(call, next.company, next.queue, next.round);
  if (micros > 0 && !(await takeBudget(call, budget, micros))) return 'no budget';
  const placed = await place(call, next, plan);
  const isReady = placed.state === 'ready';
  const ready: Head = {
    ...placed,
    history: [...head.history, ...placed.history],
    ...(isReady && micros > 0 ? { counted: dayOf(call.now) } : {}),
  };
  const written = await call.tables.put('requests', headItem(ready), [
    ['=', 'state', 'held_back'],
    ['=', 'wsk', head.wsk ?? ''],
  ]);
  const isOwnWrite = !written.ok && isReady && written.old?.wsk === ready.wsk && written.old?.slot === ready.slot;
  const isDone = written.ok || isOwnWrite;
  if (micros > 0 && !(isDone && isReady)) await giveBudgetBack(call, budget, micros);
  if (!isDone && placed.capacityOf !== null)
    await call.tables.transact([giveCapacityBack(call, next.queue, next.round, placed.capacityOf)]);
  return 'released';
}

/**
 * A held request as if it came in when the cap was due: in the round that takes requests now, with a deadline from then on
 * or the later one that its company asked for. Null where no round takes it: it waits on.
 */
async function asOfNow(call: Call, budget: Budget, head: Head): Promise<{ next: Head; plan: Plan } | null> {
  const round = await intakeRound(call, head.queue);
  if (round === undefined) return null;
  const { terms, version } = await termsOfRound(call, head.queue, round.round);
  const [hours, plan] = await Promise.all([
    hoursOf(call, head.company, head.queue),
    readPlan(call, head.company, head.queue, round.round, version),
  ]);
  const slaMs = terms.slaHours * HOUR;
  const standard = afterOpenTime(hours, budget.dueAt, slaMs);
  const deadline = Math.max(standard, head.deadline);
  const { wpk: _wpk, wsk: _wsk, ...rest } = head;
  const next: Head = {
    ...rest,
    ...headKey(head.id),
    round: round.round,
    windowClass: windowClassOf(terms),
    state: 'unserved',
    deadline,
    slaMs: deadline === standard ? slaMs : openTimeBetween(hours, budget.dueAt, deadline),
    moveAt: moveTime(deadline, slaMs),
    lpk: headList(head.company, head.queue, round.round),
    lsk: `${timeKey(call.now)}#${head.id}`,
  };
  return { next, plan };
}
