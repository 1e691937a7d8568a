/** A company's own open requests of a queue, or of all: by state, and what is short of time. Reads the newest, 500 of one queue at the most. */
import * as z from 'zod';
import { newestQueuesOf } from '../award/own-list.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { keyText } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { newestRounds } from '../queue/queue.store.ts';
import { headList, type RequestFacts, readFacts } from '../request/request.store.ts';
import { Head, isFinal } from '../request/request.ts';
import type { AllOpenWork, OpenWork } from './operations.ts';

const MOST_LOOKED_AT = 500;
const LIVE_ROUNDS = 4;
const PAGE = 100;
/** Open, and somebody has yet to do something about it. */
const UNDONE = ['queued', 'working'];

/** So many queues, those with the newest commitments, and so many requests of each are looked at for all of them together. */
const MOST_QUEUES = 20;
const MOST_OF_EACH = 200;
const FIRST = 20;
const WIDTH = 4;

export async function openWork(call: Call, company: string, queue: string): Promise<OpenWork> {
  return countedWork(call, queue, await factsOf(call, company, queue, MOST_LOOKED_AT), MOST_LOOKED_AT);
}

/** The open work of all queues in which a company has commitments, and what of it is due first. */
export async function allOpenWork(call: Call, company: string): Promise<AllOpenWork> {
  const { queues, isWhole } = await newestQueuesOf(call, company, 'C#', MOST_QUEUES);
  const read = await mapConcurrent(queues, WIDTH, (queue) => factsOf(call, company, queue, MOST_OF_EACH));
  const undone = read.flat().filter(({ view }) => UNDONE.includes(view.state));
  undone.sort((a, b) => a.head.deadline - b.head.deadline || (a.head.id < b.head.id ? -1 : 1));
  return {
    queues: queues.map((queue, place) => countedWork(call, queue, read[place] ?? [], MOST_OF_EACH)),
    next: undone.slice(0, FIRST).map(({ view: { id: request, externalId, queue, state, deadline } }) => ({
      request,
      externalId,
      queue,
      state,
      deadline,
    })),
    isWhole,
  };
}

function countedWork(call: Call, queue: string, facts: readonly RequestFacts[], most: number): OpenWork {
  const open: Record<string, number> = {};
  const resolved = { count: 0, withinSla: 0, reopened: 0 };
  let overdue = 0;
  let earliest: number | null = null;
  for (const { head, view } of facts) {
    if (view.withinSla !== null) {
      resolved.count += 1;
      resolved.withinSla += view.withinSla ? 1 : 0;
      resolved.reopened += view.reopens > 0 ? 1 : 0;
    }
    if (isFinal(view.state)) continue;
    open[view.state] = (open[view.state] ?? 0) + 1;
    if (!UNDONE.includes(view.state)) continue;
    overdue += head.deadline < call.now ? 1 : 0;
    earliest = Math.min(earliest ?? head.deadline, head.deadline);
  }
  return {
    queue,
    looked: { count: facts.length, isAtLeast: facts.length === most },
    open,
    overdue,
    earliestDeadline: earliest === null ? null : iso(earliest),
    resolved,
  };
}

async function factsOf(call: Call, company: string, queue: string, most: number): Promise<RequestFacts[]> {
  const heads = await newestHeads(call, company, queue, most);
  const facts: RequestFacts[] = [];
  for (let at = 0; at < heads.length; at += PAGE) facts.push(...(await readFacts(call, heads.slice(at, at + PAGE))));
  return facts;
}

async function newestHeads(call: Call, company: string, queue: string, most: number): Promise<Head[]> {
  const rounds = await newestRounds(call.tables, queue, LIVE_ROUNDS);
  const keys: { pk: string; sk: string }[] = [];
  for (const { round } of rounds) {
    if (keys.length === most) break;
    const page = await call.tables.query('requests', z.object({ pk: z.string(), sk: z.string() }), {
      index: { name: 'list', pk: 'lpk', sk: 'lsk' },
      pk: headList(company, queue, round),
      descending: true,
      limit: most - keys.length,
    });
    keys.push(...page.items);
  }
  const heads = await call.tables.getMany('requests', keys, Head);
  return keys.flatMap((key) => heads.get(keyText(key)) ?? []);
}
