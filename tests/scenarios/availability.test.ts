/** Providers' hours, capacities and absence. Each test's name is the guarantee. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putCompanyHours } from '../../shared/calendar/calendar.store.ts';
import { OpeningHours } from '../../shared/calendar/calendar.ts';
import { viewAvailability } from '../../shared/dispatch/availability.store.ts';
import type { AvailabilityRule } from '../../shared/dispatch/availability.ts';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { allowProvider, withdrawProvider } from '../../shared/dispatch/lane.store.ts';
import { sweepProvider } from '../../shared/dispatch/lane-sweep.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { comeOnline, goOffline, putAvailability } from '../../shared/dispatch/offline.store.ts';
import { beat, endTurn, resolveTurn } from '../../shared/dispatch/turn.store.ts';
import { DAY, HOUR, iso, MINUTE, SECOND } from '../../shared/kernel/time.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead } from '../../shared/request/request.store.ts';
import { cancel, personPlease, reopen } from '../../shared/resolution/resolution.store.ts';
import { startTestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
let nextProvider = 0;

let engine: Awaited<ReturnType<typeof startTestTables>>;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

type Made = { market: TestMarket; pool: string; other: string };

/** One company awarded ten at the pool; the other pool stands by. Providers are new in each market: what they state is theirs everywhere. */
async function open(category: string): Promise<Made> {
  const market = new TestMarket(engine.tables);
  const pool = `pr_pool${String(nextProvider++).padStart(6, '0')}`;
  const other = `pr_pool${String(nextProvider++).padStart(6, '0')}`;
  await market.open(category);
  await market.commit(COMPANY, 10);
  await market.bid(pool, 'agent_pool', { capacity: 12, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await market.bid(other, 'agent_pool', { capacity: 12, tiers: [{ minVolume: 0, priceMicros: 3_000_000 }] });
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  market.now = SECOND_OF_FEBRUARY;
  return { market, pool, other };
}

const send = async ({ market }: Made, externalId: string) =>
  must(
    await acceptRequest(
      market.call(),
      COMPANY,
      {
        externalId: `${market.queue} ${externalId}`,
        queue: market.queue,
        customer: externalId,
        text: 'Hello',
        fields: {},
      },
      null,
    ),
  ).view;
const head = async ({ market }: Made, id: string) => (await readHead(market.call(), id, { consistent: true }))!;
const claim = ({ market }: Made, provider: string, max = 1, by?: string) =>
  claimWork(market.call(), provider, [market.queue], max, Math.random, by);

const span = [{ from: '09:00', to: '17:00' }];
/** Monday to Friday, nine to five in Berlin. SECOND_OF_FEBRUARY is a Monday, ten o'clock there. */
const OFFICE = OpeningHours.parse({
  timeZone: 'Europe/Berlin',
  week: { monday: span, tuesday: span, wednesday: span, thursday: span, friday: span },
});
const rule = (more: Partial<AvailabilityRule>): AvailabilityRule => more;

describe('a company’s working hours', () => {
  it('make the deadline of what is accepted and of what is reopened later, by its own calendar', async () => {
    const made = await open('calendars');
    const { market, pool } = made;
    const company = 'co_hours00001';
    await putCompanyHours(market.call(), company, null, OFFICE);
    const sent = must(
      await acceptRequest(
        market.call(),
        company,
        { externalId: 'one', queue: market.queue, customer: 'one', text: '', fields: {} },
        null,
      ),
    ).view;
    // 48 hours are six days of eight: Monday 10:00 to the Monday after, 17:00 would be 48; one hour of the first is gone.
    expect(sent.deadline).toBe('2026-02-10T09:00:00.000Z');
    const { work } = await claim(made, pool);
    expect(work[0]!.lease.deadline).toBe(Date.parse(sent.deadline));
    must(
      await resolveTurn(market.call(), pool, leaseIdOf(work[0]!.lease), { code: 'solved', summary: 'x', evidence: '' }),
    );
    market.now += DAY;
    must(await reopen(market.call(), await head(made, sent.id), 'customer'));
    expect(iso((await head(made, sent.id)).deadline)).toBe('2026-02-11T09:00:00.000Z');
    const tooEarly = { externalId: 'two', queue: market.queue, customer: 'two', text: '', fields: {} };
    expect(
      await acceptRequest(market.call(), company, { ...tooEarly, deadline: iso(market.now + 48 * HOUR) }, null),
    ).toMatchObject({ ok: false, code: 'deadline_too_early' });
  });
});

describe('a provider’s hours', () => {
  it('close its claims with the reason, and open them again', async () => {
    const made = await open('office');
    const { market, pool } = made;
    await putAvailability(market.call(), pool, [rule({ channel: 'Web', hours: OFFICE })]);
    await send(made, 'one');
    market.now = Date.parse('2026-02-02T16:00:00Z');
    const closed = await claim(made, pool);
    expect(closed).toMatchObject({ work: [], reason: 'outside_hours' });
    expect(closed.retryAfterMs).toBeLessThanOrEqual(5 * MINUTE);
    market.now = Date.parse('2026-02-03T08:00:00Z');
    expect((await claim(made, pool)).work).toHaveLength(1);
    expect(await claim(made, pool)).toMatchObject({ work: [], reason: 'nothing_waits' });
  });

  it('of a queue count before those of its channel, and other channels do not matter', async () => {
    const made = await open('rules');
    const { market, pool } = made;
    await putAvailability(market.call(), pool, [
      rule({ queue: market.queue }),
      rule({ channel: 'Web', hours: OFFICE }),
      rule({ hours: OFFICE }),
    ]);
    await send(made, 'one');
    market.now = Date.parse('2026-02-02T20:00:00Z');
    expect((await claim(made, pool)).work).toHaveLength(1);
  });

  it('keep work that it would not reach before the deadline from it: overflow and lane changes go elsewhere', async () => {
    const made = await open('closed');
    const { market, pool, other } = made;
    const friday = OpeningHours.parse({ timeZone: 'UTC', week: { friday: span } });
    await putAvailability(market.call(), pool, [rule({ hours: friday })]);
    const routes = [];
    for (let i = 0; i < 11; i++) routes.push(await send(made, `r${i}`));
    // Slots are the award's; the eleventh is overflow, and the cheaper standing bid is closed until Friday.
    expect(routes[9]).toMatchObject({ route: 'slot', provider: pool });
    expect(routes[10]).toMatchObject({ route: 'overflow', provider: other });
  });

  it('end presence: short of time, its work moves to one that is open', async () => {
    const made = await open('presence');
    const { market, pool, other } = made;
    const request = await send(made, 'one');
    market.now += 36 * HOUR + MINUTE;
    for (const provider of [pool, other])
      await claimWork(market.call(market.now - 2 * MINUTE), provider, ['other-queue'], 1, Math.random);
    // Both were seen; the pool closed a minute ago.
    await claimWork(market.call(market.now - 5 * MINUTE), other, undefined, 1, () => 0.5);
    await putAvailability(market.call(), pool, [
      rule({ hours: OpeningHours.parse({ timeZone: 'UTC', week: { friday: span } }) }),
    ]);
    await market.sweep();
    expect(await head(made, request.id)).toMatchObject({ provider: other, slot: 0 });
  });
});

describe('a provider’s capacity', () => {
  it('is never exceeded, however many claim at once, and is free again when turns end', async () => {
    const made = await open('seats');
    const { market, pool } = made;
    await putAvailability(market.call(), pool, [rule({ channel: 'Web', concurrent: 3 })]);
    for (let i = 0; i < 9; i++) await send(made, `r${i}`);
    const claims = await Promise.all(Array.from({ length: 6 }, () => claim(made, pool, 2)));
    const held = claims.flatMap(({ work }) => work.map(({ lease }) => lease));
    // Whoever lost a head to another may have held a seat in vain for that moment.
    const rest = await claim(made, pool, 10);
    held.push(...rest.work.map(({ lease }) => lease));
    expect(held).toHaveLength(3);
    expect(await claim(made, pool)).toMatchObject({ work: [], reason: 'at_capacity' });
    must(
      await resolveTurn(market.call(), pool, leaseIdOf(held[0]!), { code: 'solved', summary: 'Done.', evidence: '' }),
    );
    must(await endTurn(market.call(), pool, leaseIdOf(held[1]!), 'declined', 'no'));
    expect((await claim(made, pool, 5)).work).toHaveLength(2);
    expect(await claim(made, pool)).toMatchObject({ reason: 'at_capacity' });
    await market.advance(market.now + 10 * MINUTE);
    expect((await claim(made, pool, 5)).work).toHaveLength(3);
  });
});

describe('going offline', () => {
  it('hands back what is held without a mark, moves ready work at once, and stops claims until it is back', async () => {
    const made = await open('offline');
    const { market, pool, other } = made;
    const held = await send(made, 'held');
    const { work } = await claim(made, pool);
    const waiting = await send(made, 'waiting');
    expect(await goOffline(market.call(), pool, null, false)).toEqual({ returned: 1, complete: true });
    expect(await sweepProvider(market.call(), pool)).toMatchObject({ moved: 1 });
    expect(await head(made, held.id)).toMatchObject({ provider: other, notOffered: [], lostTurns: 0, slot: 0 });
    expect(await head(made, waiting.id)).toMatchObject({ provider: other, slot: 1 });
    expect(await beat(market.call(), pool, leaseIdOf(work[0]!.lease), true)).toMatchObject({ code: 'lease_ended' });
    expect(await send(made, 'new')).toMatchObject({ route: 'slot', provider: other });
    expect(await claim(made, pool)).toMatchObject({ work: [], reason: 'offline' });
    await comeOnline(market.call(), pool, null);
    expect((await viewAvailability(market.call(), pool)).offlineSince).toBeNull();
    expect(await send(made, 'later')).toMatchObject({ route: 'slot', provider: pool });
    expect((await claim(made, pool)).work).toHaveLength(1);
  });

  it('lets it finish what it holds where it says so', async () => {
    const made = await open('drain');
    const { market, pool } = made;
    await send(made, 'held');
    const { work } = await claim(made, pool);
    expect(await goOffline(market.call(), pool, null, true)).toEqual({ returned: 0, complete: true });
    must(await beat(market.call(), pool, leaseIdOf(work[0]!.lease), true));
    expect(await claim(made, pool)).toMatchObject({ reason: 'offline' });
  });

  it('of one agent hands back only what that agent holds, to its colleagues', async () => {
    const made = await open('agents');
    const { market, pool } = made;
    const first = await send(made, 'first');
    await claim(made, pool, 1, 'ada');
    const second = await send(made, 'second');
    await claim(made, pool, 1, 'bob');
    expect(await goOffline(market.call(), pool, 'ada', false)).toEqual({ returned: 1, complete: true });
    expect(await claim(made, pool, 1, 'ada')).toMatchObject({ work: [], reason: 'offline' });
    expect((await head(made, second.id)).state).toBe('leased');
    const { work } = await claim(made, pool, 1, 'bob');
    expect(work[0]!.head.id).toBe(first.id);
    await comeOnline(market.call(), pool, 'ada');
    expect(await claim(made, pool, 1, 'ada')).toMatchObject({ reason: 'nothing_waits' });
  });

  it('leaves work with it where nobody else is free, and does not lose it', async () => {
    const made = await open('alone');
    const { market, pool, other } = made;
    const request = await send(made, 'one');
    await goOffline(market.call(), other, null, false);
    await goOffline(market.call(), pool, null, false);
    await sweepProvider(market.call(), pool);
    expect(await head(made, request.id)).toMatchObject({ provider: pool, state: 'ready' });
    await comeOnline(market.call(), pool, null);
    expect((await claim(made, pool)).work).toHaveLength(1);
  });
});

describe('a provider that a company withdraws', () => {
  it('loses ready work at once, gets nothing back that is lost or wants a person, and may be allowed again', async () => {
    const made = await open('withdrawals');
    const { market, pool, other } = made;
    const waiting = await send(made, 'waiting');
    const lost = await send(made, 'lost');
    expect((await claim(made, pool)).work[0]!.head.id).toBe(waiting.id);
    await withdrawProvider(market.call(), COMPANY, market.queue, pool);
    await sweepProvider(market.call(), pool);
    expect(await head(made, lost.id)).toMatchObject({ provider: other, slot: 1 });
    await market.advance(market.now + 7 * MINUTE);
    expect(await head(made, waiting.id)).toMatchObject({ provider: other, slot: 0, lostTurns: 1 });
    await allowProvider(market.call(), COMPANY, market.queue, pool);
    const again = await send(made, 'again');
    expect(again.provider).toBe(pool);
    await withdrawProvider(market.call(), COMPANY, market.queue, pool);
    must(await personPlease(market.call(), await head(made, again.id)));
    expect(await head(made, again.id)).toMatchObject({ provider: other, personOnly: true });
    must(await cancel(market.call(), await head(made, again.id), 'company'));
    market.now += SECOND;
  });
});
