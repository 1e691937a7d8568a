/** Before a round closes providers bid and companies commit; the operator opens queues. */
import type { CommitmentInput } from '../../../shared/commitment/commitment.ts';
import { NO_LIMITS } from '../../../shared/commitment/commitment.ts';
import { fromIso, HOUR, iso, MINUTE, periodStart } from '../../../shared/kernel/time.ts';
import type { PublicQueue, PublicRound } from '../../../shared/queue/queue.ts';
import { CURRENCY } from './arrival.ts';
import { ask, CallRefused, inParallel } from './calls.ts';
import { type TakeOrPay, volumeToCommit } from './forecast.ts';
import { bidOf, termsOf } from './providers.ts';
import { type QueueActor, surprise, type World } from './world.ts';

/** A queue is opened this long before its first round, so that there is time to bid and commit. */
export const OPENS_BEFORE_MS = 72 * HOUR;
/** Companies and providers decide this long before the hard close. */
const DECIDES_BEFORE_MS = 12 * HOUR;
/** A plan that finds no open round looks again after this long, so often. */
const RETRY_MS = 10 * MINUTE;
const MOST_TRIES = 12;
/** Demand that comes is more than what is committed: providers expect this multiple of it. */
const DEMAND_PER_COMMITTED = 1.7;
/** What providers expect where no round has published figures yet, and the least they ever expect. */
const EXPECTED_UNSEEN = 150;
const EXPECTED_LEAST = 40;
/** Without any price seen, what comes beyond the award is taken to cost this much more than the pool price. */
const BEYOND_FACTOR = 1.08;
const NEVER_AUTOMATION = 0.25;
const REFUSES_OVERFLOW = 0.03;

/** When the first round of a queue begins whose first request arrives at `at`. */
export const firstRoundOf = (world: Pick<World, 'roundLength'>, at: number): number =>
  periodStart(at, world.roundLength);

/** The operator opens a queue; it may be open already. */
export async function openQueue(world: World, id: string, firstRoundAt: number): Promise<void> {
  const queue = world.queues.get(id);
  if (queue === undefined) return;
  const operator = await world.directory.operator();
  const terms = termsOf(queue.serviceClass.channel, world.roundLength, world.ranges);
  const body = {
    serviceClass: queue.serviceClass,
    currency: CURRENCY,
    terms,
    firstRoundStartsAt: iso(firstRoundAt),
  } as const;
  try {
    await ask(`open ${id}`, () => operator.POST('/v1/queues', { body }));
  } catch (error) {
    if (!(error instanceof CallRefused && error.code === 'queue_exists')) throw error;
  }
  world.agenda.note(world.time.now() + MINUTE, { kind: 'plan', queue: id, tries: 0 });
}

/**
 * Notes when to decide for the open round of a queue, or decides now where that time has come. Each round is decided
 * for once when planning is late; with early planning at once, and once more shortly before the close.
 */
export async function plan(world: World, id: string, tries: number): Promise<void> {
  const queue = world.queues.get(id);
  if (queue === undefined) return;
  const now = world.time.now();
  const params = { path: { queue: id } };
  const seen = await ask(`read ${id}`, () => world.directory.anybody.GET('/v1/queues/{queue}', { params }));
  const { open } = seen;
  if (open === null || fromIso(open.closesAt) <= now) {
    if (tries < MOST_TRIES) world.agenda.note(now + RETRY_MS, { kind: 'plan', queue: id, tries: tries + 1 });
    return;
  }
  const closesAt = fromIso(open.closesAt);
  const isLate = now >= closesAt - DECIDES_BEFORE_MS;
  const isBought = queue.boughtUntil === null || fromIso(open.startsAt) <= queue.boughtUntil;
  if (!isBought) return;
  if (isLate || world.planning === 'early') await decide(world, queue, seen, open);
  if (!isLate) {
    world.agenda.note(closesAt - DECIDES_BEFORE_MS, { kind: 'plan', queue: id, tries: 0 });
    return;
  }
  world.agenda.note(fromIso(open.startsAt) + MINUTE, { kind: 'plan', queue: id, tries: 0 });
}

async function decide(world: World, queue: QueueActor, seen: PublicQueue, open: PublicRound): Promise<void> {
  const past = await readPast(world, queue.id);
  const expectedVolume = expectedOf(past);
  const path = { queue: queue.id, round: open.round };
  const occasion = { queue: queue.id, channel: queue.serviceClass.channel, round: open.round, expectedVolume };
  await inParallel([...world.providers.values()], async ({ profile, member }) => {
    const body = bidOf(profile, occasion, world.ranges, world.draw);
    try {
      await ask('bid', () => member.client.PUT('/v1/queues/{queue}/rounds/{round}/bid', { params: { path }, body }));
    } catch (error) {
      surprise(world, 'bid', error);
    }
  });
  const now = world.time.now();
  await inParallel(world.past.companies(queue.id), async (company) => {
    const volumes = world.past.volumes(queue.id, company, now);
    const volume = volumeToCommit(volumes, ruleOf(world, queue, company, seen, past));
    if (volume === 0) return;
    const body = commitmentOf(world, queue, company, volume);
    try {
      const { client } = await world.directory.company(company);
      const params = { path };
      await ask('commit', () => client.PUT('/v1/queues/{queue}/rounds/{round}/commitment', { params, body }));
    } catch (error) {
      surprise(world, 'commit', error);
    }
  });
}

/** The public figures of a queue's last rounds, newest first. */
async function readPast(world: World, queue: string): Promise<PublicRound[]> {
  const params = { path: { queue }, query: { limit: 4 } };
  const page = await ask(`read rounds of ${queue}`, () =>
    world.directory.anybody.GET('/v1/queues/{queue}/rounds', { params }),
  );
  return page.items;
}

function expectedOf(past: readonly PublicRound[]): number {
  const figures = past.map((round) => round.figures).filter((found) => found !== null);
  const committed = Math.max(0, ...figures.slice(0, 2).map((found) => found.committed));
  return Math.max(committed * DEMAND_PER_COMMITTED, figures.length === 0 ? EXPECTED_UNSEEN : EXPECTED_LEAST);
}

/** Prices as the company has met them; where it has not, the public ones. */
function ruleOf(
  world: World,
  queue: QueueActor,
  company: string,
  seen: PublicQueue,
  past: readonly PublicRound[],
): TakeOrPay {
  const met = world.past.met(queue.id, company);
  const cleared = past.find((round) => round.averagePriceMicros !== null);
  const poolPrice =
    met.slotMicros ?? cleared?.averagePriceMicros ?? (met.overflowMicros ?? queue.ceilingMicros) / BEYOND_FACTOR;
  const overflow = met.overflowMicros ?? poolPrice * BEYOND_FACTOR;
  const unserved = met.beyond === 0 ? 0 : met.unserved / met.beyond;
  const { takeOrPayBps, shortfallRateBps, ceilingMicros } = seen.terms;
  const beyondPrice = unserved * ceilingMicros + (1 - unserved) * Math.max(overflow, poolPrice);
  return { takeOrPayBps, shortfallRateBps, poolPrice, beyondPrice };
}

function commitmentOf(world: World, queue: QueueActor, company: string, volume: number): CommitmentInput {
  const statesReserve = world.draw.share('states a reserve', company) < 0.4;
  const reserve = Math.round(queue.ceilingMicros * world.draw.between(0.85, 1, 'reserve', company, queue.id));
  return {
    currency: CURRENCY,
    volume,
    ...(statesReserve ? { reserveMicros: reserve } : {}),
    limits: {
      ...NO_LIMITS,
      automation: world.draw.share('automation', company) < NEVER_AUTOMATION ? 'never' : 'allowed',
      ...world.demandsOf(company),
    },
    overflow: world.draw.share('overflow', company) < REFUSES_OVERFLOW ? 'refused' : 'allowed',
    rollOver: false,
  };
}
