/**
 * A crash after any single call to the tables, or its answer lost, leaves nothing lost and nothing charged twice: the same
 * commands sent again, and the sweeps, end where a clean run ends.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { endTurn, resolveTurn } from '../../shared/dispatch/turn.store.ts';
import type { Call } from '../../shared/kernel/call.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { allEntries } from '../../shared/ledger/ledger.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead, viewRequest } from '../../shared/request/request.store.ts';
import { reopen } from '../../shared/resolution/resolution.store.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const POOL = 'pr_pool000001';
const OTHER = 'pr_pool000002';

let engine: Awaited<ReturnType<typeof startTestTables>>;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

async function activeMarket(category: string): Promise<TestMarket> {
  const made = new TestMarket(engine.tables);
  await made.open(category);
  await made.commit(COMPANY, 3);
  await made.bid(POOL, 'agent_pool', { capacity: 4, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await made.bid(OTHER, 'agent_pool', { capacity: 5, tiers: [{ minVolume: 0, priceMicros: 3_000_000 }] });
  await made.advance(FEBRUARY - 23 * HOUR);
  await made.advance(FEBRUARY + MINUTE);
  made.now = SECOND_OF_FEBRUARY;
  return made;
}

/** The life of one request: accepted, declined by one, resolved by another, reopened, resolved again. Each step may be sent again. */
function commands(made: TestMarket, externalId: string): ((call: Call) => Promise<unknown>)[] {
  const request = { externalId, queue: made.queue, customer: externalId, text: 'Hello', fields: {} };
  const turn = async (call: Call, provider: string, end: (lease: string) => Promise<unknown>): Promise<void> => {
    const { work } = await claimWork(call, provider, [made.queue], 1, Math.random);
    if (work[0] !== undefined) await end(leaseIdOf(work[0].lease));
  };
  const resolve = (call: Call) =>
    turn(call, OTHER, (lease) => resolveTurn(call, OTHER, lease, { code: 'solved', summary: 'Done.', evidence: '' }));
  return [
    (call) => acceptRequest(call, COMPANY, request, null),
    (call) => turn(call, POOL, (lease) => endTurn(call, POOL, lease, 'declined', 'not our field')),
    resolve,
    async (call) => {
      const id = must(await acceptRequest(call, COMPANY, request, null)).view.id;
      const head = await readHead(call, id, { consistent: true });
      if (head !== undefined && head.state === 'leased' && head.reopens === 0) await reopen(call, head, 'customer');
    },
    resolve,
  ];
}

/** Plays the commands, with a crash in one of them; what crashed is sent again, after sweeps have had time to find it. */
async function play(
  made: TestMarket,
  externalId: string,
  crash: { command: number; call: number; when: 'before' | 'after' } | null,
): Promise<boolean> {
  let hasCrashed = false;
  for (const [index, command] of commands(made, externalId).entries()) {
    if (crash?.command === index) {
      hasCrashed = await untilCrash(made.tables, crash.call, crash.when, (tables) =>
        command({ tables: tables.metered(), now: made.now }),
      );
    }
    await command(made.call());
    await made.advance(made.now + 8 * MINUTE);
  }
  // Whoever lost a turn to the crash works again, as a provider that asks for work does.
  for (const provider of [OTHER, POOL, OTHER]) {
    const { work } = await claimWork(made.call(), provider, [made.queue], 10, Math.random);
    for (const { lease } of work)
      await resolveTurn(made.call(), provider, leaseIdOf(lease), { code: 'solved', summary: 'Done.', evidence: '' });
    await made.advance(made.now + 8 * MINUTE);
  }
  return hasCrashed;
}

async function outcome(made: TestMarket, externalId: string) {
  const id = must(
    await acceptRequest(
      made.call(),
      COMPANY,
      { externalId, queue: made.queue, customer: externalId, text: 'Hello', fields: {} },
      null,
    ),
  ).view.id;
  const head = await readHead(made.call(), id, { consistent: true });
  const entries = (await allEntries(made.call(), COMPANY, '2026-02')).filter((entry) => entry.facts.request === id);
  return { state: (await viewRequest(made.call(), head!)).state, kinds: entries.map((entry) => entry.kind) };
}

describe('a crash at any step', () => {
  it.each([0, 1, 2, 3, 4])(
    'of command %i loses no request and charges none twice',
    async (command) => {
      for (const when of ['before', 'after'] as const) {
        for (let call = 1; call <= 40; call++) {
          const made = await activeMarket(`crash ${command} ${when} ${call}`);
          const externalId = `${made.queue} ${command} ${when} ${call}`;
          const hasCrashed = await play(made, externalId, { command, call, when });
          await made.advance(made.now + 9 * DAY);
          const where = `command ${command}, ${when} call ${call}`;
          expect(await outcome(made, externalId), where).toEqual({ state: 'settled', kinds: ['charge'] });
          if (!hasCrashed) break;
          expect(call, `${where}: the command never ends`).toBeLessThan(40);
        }
      }
    },
    120_000,
  );
});
