/**
 * How many agents a service level takes: for each company alone, and for all of them in one pool. Nothing is stored; the
 * web app and programs compute the same.
 */
import * as z from 'zod';
import { type Waiting, waitingWithoutEnd, waitingWithPatience } from './erlang.ts';

/** The largest load that is computed, in Erlang for each request an agent has at once. */
const MOST_LOAD = 10_000;
const MOST_REQUESTS_AN_HOUR = 1_000_000;
const BPS = 10_000;

const Rate = z.number().min(0).max(MOST_REQUESTS_AN_HOUR);
const Name = z.string().trim().min(1).max(80);
const MOST_COMPANIES = 50;

const Common = {
  handleSeconds: z
    .number()
    .min(1)
    .max(86_400)
    .meta({ description: 'Mean time that a request takes; a chat’s from first to last word' }),
  occupancyBps: z
    .int()
    .min(1_000)
    .max(BPS)
    .default(8_500)
    .meta({ description: 'The share of their time that agents may be at work at most, in basis points' }),
  shrinkageBps: z
    .int()
    .min(0)
    .max(9_000)
    .default(0)
    .meta({ description: 'The share of paid time that agents are not there: breaks, training, leave' }),
  concurrency: z.int().min(1).max(10).default(1).meta({ description: 'Chats that an agent has at once' }),
};

export const StaffingInput = z
  .discriminatedUnion('answer', [
    z.strictObject({
      answer: z.literal('at_once').meta({ description: 'Customers wait for an agent: calls and chats' }),
      companies: z
        .array(z.strictObject({ name: Name, requestsPerHour: Rate }))
        .min(1)
        .max(MOST_COMPANIES),
      ...Common,
      levelBps: z.int().min(1).max(9_990).default(8_000).meta({ description: 'Share to be answered in time, of all' }),
      withinSeconds: z.number().min(0).max(3_600).default(20),
      patienceSeconds: z
        .number()
        .min(1)
        .max(86_400)
        .optional()
        .meta({ description: 'Mean time after which who waits gives up (Erlang A); left out, nobody does (Erlang C)' }),
    }),
    z.strictObject({
      answer: z.literal('by_deadline').meta({ description: 'Requests wait for their turn: mail, web, letters' }),
      companies: z
        .array(
          z.strictObject({
            name: Name,
            requestsByHour: z
              .array(Rate)
              .min(1)
              .max(168)
              .meta({ description: 'By hour, over and over: one number, a day of 24 or a week of 168' }),
          }),
        )
        .min(1)
        .max(MOST_COMPANIES),
      ...Common,
      levelBps: z.int().min(1).max(9_990).default(9_500).meta({ description: 'Share to be done by the deadline' }),
      deadlineHours: z.number().min(0.25).max(1_440),
    }),
  ])
  .meta({ id: 'StaffingInput' });
export type StaffingInput = z.infer<typeof StaffingInput>;

const Staff = {
  requestsPerHour: z.number().meta({ description: 'On average' }),
  agents: z.int().meta({ description: 'At work at the same time' }),
  scheduled: z.int().meta({ description: 'On the plan, with shrinkage' }),
  occupancyBps: z.int(),
  levelBps: z
    .int()
    .nullable()
    .meta({ description: 'The share that these agents answer in time; null where the deadline counts' }),
  waitSeconds: z.number().nullable().meta({ description: 'Mean wait of all; null where the deadline counts' }),
  abandonedBps: z.int().nullable(),
};

export const Staffing = z
  .object({
    alone: z.array(z.object({ name: z.string(), ...Staff })),
    aloneAgents: z.int(),
    aloneScheduled: z.int(),
    pooled: z.object(Staff),
    savedScheduled: z.int().meta({ description: 'Scheduled agents that pooling saves' }),
    savedBps: z.int().meta({ description: 'The same as a share of what it takes alone' }),
    model: z.string(),
  })
  .meta({ id: 'Staffing' });
export type Staffing = z.infer<typeof Staffing>;
type Staff = z.infer<typeof Staffing>['pooled'];

type AtOnce = Extract<StaffingInput, { answer: 'at_once' }>;
type ByDeadline = Extract<StaffingInput, { answer: 'by_deadline' }>;
type Refused = { ok: false; field: string; message: string };

/**
 * The fewest agents for the level, alone and pooled. Refused with the field to change: work for more than 10,000 agents at
 * once, a deadline shorter than the work itself, and lists of hours of different length.
 */
export function staffingOf(input: StaffingInput): { ok: true; staffing: Staffing } | Refused {
  const arrivals = input.companies.map((company) =>
    'requestsByHour' in company ? company.requestsByHour : [company.requestsPerHour],
  );
  const pool = Array.from({ length: arrivals[0]!.length }, (_, hour) =>
    sumOf(arrivals.map((hours) => hours[hour] ?? 0)),
  );
  const refused = misfitOf(input, arrivals, pool);
  if (refused !== undefined) return refused;
  const alone = input.companies.map(({ name }, i) => ({ name, ...staffFor(input, arrivals[i]!) }));
  const pooled = staffFor(input, pool);
  const aloneScheduled = sumOf(alone.map((staff) => staff.scheduled));
  const savedScheduled = aloneScheduled - pooled.scheduled;
  const staffing = {
    alone,
    aloneAgents: sumOf(alone.map((staff) => staff.agents)),
    aloneScheduled,
    pooled,
    savedScheduled,
    savedBps: aloneScheduled === 0 ? 0 : Math.floor((savedScheduled * BPS) / aloneScheduled),
    model: modelOf(input),
  };
  return { ok: true, staffing };
}

function misfitOf(
  input: StaffingInput,
  arrivals: readonly (readonly number[])[],
  pool: readonly number[],
): Refused | undefined {
  const refuse = (field: string, message: string): Refused => ({ ok: false, field, message });
  if (arrivals.some((hours) => hours.length !== pool.length))
    return refuse('companies', 'must all have the same number of hours in requestsByHour');
  if (loadOf(input, Math.max(...pool)) > MOST_LOAD * input.concurrency)
    return refuse('companies', `are work for more than ${MOST_LOAD} agents at once: state fewer requests an hour`);
  if (input.answer === 'by_deadline' && input.handleSeconds > input.deadlineHours * 3_600)
    return refuse('deadlineHours', 'must be at least the handling time: no number of agents makes work shorter');
  return undefined;
}

function modelOf(input: StaffingInput): string {
  if (input.answer === 'by_deadline')
    return 'Constant staff that works in order of deadline: enough for whatever the hours bring as a steady flow, and by Erlang C (M/M/n) for chance at the mean of the hours.';
  return input.patienceSeconds === undefined
    ? 'Erlang C (M/M/n): nobody gives up waiting.'
    : 'Erlang A (M/M/n+M): whoever waits gives up after an exponential time.';
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0);
const loadOf = (input: StaffingInput, requestsPerHour: number): number =>
  (requestsPerHour * input.handleSeconds) / 3_600;

function staffFor(input: StaffingInput, byHour: readonly number[]): Staff {
  const requestsPerHour = sumOf(byHour) / byHour.length;
  return input.answer === 'at_once'
    ? staffAtOnce(input, requestsPerHour)
    : staffByDeadline(input, requestsPerHour, byHour);
}

/** As many as `agents` of which `shrinkage` are away. */
const scheduledFor = (agents: number, input: StaffingInput): number =>
  Math.ceil((agents * BPS) / (BPS - input.shrinkageBps));

/** The fewest from `least` on that are enough: doubling, then halving, for more agents never serve worse. */
function fewest(least: number, isEnough: (agents: number) => boolean): number {
  let [tooFew, enough] = [least - 1, least];
  for (let step = 1; !isEnough(enough); step *= 2) [tooFew, enough] = [enough, enough + step];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/** Chats: an agent counts as many times as it has chats at once. */
function staffAtOnce(input: AtOnce, requestsPerHour: number): Staff {
  const load = loadOf(input, requestsPerHour);
  const waitingWith = (agents: number): Waiting => {
    const places = agents * input.concurrency;
    const within = input.withinSeconds / input.handleSeconds;
    return input.patienceSeconds === undefined
      ? waitingWithoutEnd(load, places, within)
      : waitingWithPatience(load, places, within, input.patienceSeconds / input.handleSeconds);
  };
  const agents = fewest(load === 0 ? 0 : 1, (n) => {
    const { within, occupancy } = waitingWith(n);
    return within * BPS >= input.levelBps && occupancy * BPS <= input.occupancyBps;
  });
  const found = waitingWith(agents);
  return {
    requestsPerHour,
    agents,
    scheduled: scheduledFor(agents, input),
    occupancyBps: Math.round(found.occupancy * BPS),
    levelBps: Math.floor(found.within * BPS),
    waitSeconds: Math.round(found.meanWait * input.handleSeconds * 10) / 10,
    abandonedBps: Math.round(found.abandons * BPS),
  };
}

/**
 * Work with deadlines, done in their order by constant staff. As a steady flow it is in time if and only if whatever comes
 * in any stretch of L hours can be done in L + D hours (the processor-demand test of Baruah, Mok and Rosier, 1990): so work
 * of busy hours is done in quiet ones. Chance is Erlang C's, with D less the handling time to wait.
 */
function staffByDeadline(input: ByDeadline, requestsPerHour: number, byHour: readonly number[]): Staff {
  const flow = loadOf(input, Math.max(requestsPerHour, busiestStretch(byHour, input.deadlineHours)));
  const least = Math.ceil((flow * BPS) / input.occupancyBps / input.concurrency - 1e-9);
  const load = loadOf(input, requestsPerHour);
  const toWait = (input.deadlineHours * 3_600) / input.handleSeconds - 1;
  const agents = fewest(
    least,
    (n) => waitingWithoutEnd(load, n * input.concurrency, toWait).within * BPS >= input.levelBps,
  );
  return {
    requestsPerHour,
    agents,
    scheduled: scheduledFor(agents, input),
    occupancyBps: agents === 0 ? 0 : Math.round((load * BPS) / agents / input.concurrency),
    levelBps: null,
    waitSeconds: null,
    abandonedBps: null,
  };
}

/** The most requests an hour that have to be done, over all stretches of up to one round of the hours. */
function busiestStretch(byHour: readonly number[], deadlineHours: number): number {
  let most = 0;
  for (const [start] of byHour.entries()) {
    let came = 0;
    for (let length = 1; length <= byHour.length; length++) {
      came += byHour[(start + length - 1) % byHour.length]!;
      most = Math.max(most, came / (length + deadlineHours));
    }
  }
  return most;
}
