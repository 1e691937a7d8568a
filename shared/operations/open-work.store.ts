/** A company's own open requests of a queue: by state, and what is short of time. Reads the newest, 500 at the most. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { keyText } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { newestRounds } from '../queue/queue.store.ts';
import { headList, readFacts } from '../request/request.store.ts';
import { Head, isFinal } from '../request/request.ts';
import type { OpenWork } from './operations.ts';

const MOST_LOOKED_AT = 500;
const LIVE_ROUNDS = 4;
const PAGE = 100;
/** Open, and somebody has yet to do something about it. */
const UNDONE = ['queued', 'working'];

export async function openWork(call: Call, company: string, queue: string): Promise<OpenWork> {
  const heads = await newestHeads(call, company, queue);
  const open: Record<string, number> = {};
  let overdue = 0;
  let earliest: number | null = null;
  for (let at = 0; at < heads.length; at += PAGE) {
    for (const { head, view } of await readFacts(call, heads.slice(at, at + PAGE))) {
      if (isFinal(view.state)) continue;
      open[view.state] = (open[view.state] ?? 0) + 1;
      if (!UNDONE.includes(view.state)) continue;
      overdue += head.deadline < call.now ? 1 : 0;
      earliest = Math.min(earliest ?? head.deadline, head.deadline);
    }
  }
  return {
    queue,
    looked: { count: heads.length, isAtLeast: heads.length === MOST_LOOKED_AT },
    open,
    overdue,
    earliestDeadline: earliest === null ? null : iso(earliest),
  };
}

async function newestHeads(call: Call, company: string, queue: string): Promise<Head[]> {
  const rounds = await newestRounds(call.tables, queue, LIVE_ROUNDS);
  const keys: { pk: string; sk: string }[] = [];
  for (const { round } of rounds) {
    if (keys.length === MOST_LOOKED_AT) break;
    const page = await call.tables.query('requests', z.object({ pk: z.string(), sk: z.string() }), {
      index: { name: 'list', pk: 'lpk', sk: 'lsk' },
      pk: headList(company, queue, round),
      descending: true,
      limit: MOST_LOOKED_AT - keys.length,
    });
    keys.push(...page.items);
  }
  const heads = await call.tables.getMany('requests', keys, Head);
  return keys.flatMap((key) => heads.get(keyText(key)) ?? []);
}
