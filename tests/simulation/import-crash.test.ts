/**
 * A crash after any single call to the tables while an import runs, or its answer lost, leaves each row one request and the
 * counts of a clean run: whoever looks at the import again goes on where it was.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createImport,
  dueImports,
  listParts,
  listRowErrors,
  putPart,
  readImport,
  STEP_ROWS,
} from '../../shared/import/import.store.ts';
import { ImportInput, type StoredImport } from '../../shared/import/import.ts';
import { runImport } from '../../shared/import/run.store.ts';
import { startImport } from '../../shared/import/start.store.ts';
import type { Call } from '../../shared/kernel/call.ts';
import { shortHash } from '../../shared/kernel/hash.ts';
import { MINUTE } from '../../shared/kernel/time.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readOwnHead } from '../../shared/request/request.store.ts';
import { type CompanyMember, companyMember } from '../support/company.ts';
import { untilCrash } from '../support/crash.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

let engine: TestTables;
let company: CompanyMember;
let market: TestMarket;

beforeAll(async () => {
  engine = await startTestTables();
  company = await companyMember(new TestEdge(engine.tables), 'crashing');
  market = new TestMarket(engine.tables);
  await market.open('Crashing imports');
  await market.commit(company.id, 10);
  await market.bid('pr_pool000001', 'agent_pool', { capacity: 100, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await market.advance(FEBRUARY + MINUTE);
  market.now = SECOND_OF_FEBRUARY;
  const old = { externalId: 'old', queue: market.queue, customer: 'a@example.com', text: 'Old', fields: {} };
  must(await acceptRequest(market.call(), company.id, old, null));
});
afterAll(() => engine.stop());

/** A row that was there before, three that are new, two under one id, one without a customer; rows that cannot be read fill a whole step. */
/** Every row names its queue. */
const noModel = async () => null;
const rowsOf = (name: string): string =>
  [
    'id,email,message',
    'old,a@example.com,Old',
    `${name} 1,b@example.com,One`,
    `${name} 1,b@example.com,Another`,
    `${name} 2,,Two`,
    ...Array.from({ length: STEP_ROWS - 4 }, (_, i) => `f${i}`),
    `${name} 3,c@example.com,Three`,
  ].join('\n');
const EXPECTED = { seen: STEP_ROWS + 1, accepted: 2, repeated: 1, refused: STEP_ROWS - 2 };

async function started(name: string): Promise<StoredImport> {
  const call = market.call();
  const input = ImportInput.parse({ name, format: 'csv', queue: market.queue });
  const made = await createImport(call, company.id, input, 'test', name);
  const content = new TextEncoder().encode(rowsOf(name));
  must(await putPart(call, made, 1, content.slice(0, 70)));
  must(await putPart(call, made, 2, content.slice(70)));
  return made;
}

/** As the sweep and the consumer do, until nothing is due. */
async function finish(id: string): Promise<StoredImport> {
  for (let tries = 0; tries < 10; tries++) {
    const later = market.call(market.now + (tries + 1) * 2 * MINUTE);
    const { ids } = await dueImports(later);
    if (!ids.includes(id)) break;
    await runImport(later, id, 10, noModel);
  }
  return (await readImport(market.call(), id))!;
}

/** Which of the rows' requests there are. */
async function requestsOf(name: string): Promise<string[]> {
  const rows = ['1', '2', '3'].map((row) => `${name} ${row}`);
  const heads = await Promise.all(
    rows.map(async (row) => readOwnHead(market.call(), company.id, `${company.id}.${await shortHash(row)}`)),
  );
  return heads.flatMap((head) => head?.externalId ?? []);
}

async function check(name: string, id: string, where: string): Promise<void> {
  const done = await finish(id);
  expect({ state: done.state, counts: done.counts }, where).toEqual({ state: 'done', counts: EXPECTED });
  expect(await requestsOf(name), where).toEqual([`${name} 1`, `${name} 3`]);
  const errors = await listRowErrors(market.call(), id, { limit: 100, after: 0 });
  expect(
    errors.items.map(({ row }) => row),
    where,
  ).toEqual(Array.from({ length: STEP_ROWS - 2 }, (_, i) => i + 3));
  expect(await listParts(market.call(), id), where).toEqual([]);
}

/** A process that dies before a call leaves what one leaves that dies after the call before it. */
const WHEN = ['after'] as const;

describe('a crash at any call', () => {
  it('of a run leaves the counts, requests and errors of a clean run', async () => {
    for (const when of WHEN) {
      for (let call = 1; ; call++) {
        const name = `run ${when} ${call}`;
        const made = await started(name);
        must(await startImport(market.call(), made, 2));
        const hasCrashed = await untilCrash(market.tables, call, when, (tables) =>
          runImport({ tables: tables.metered(), now: market.now }, made.id, 10, noModel),
        );
        await check(name, made.id, `${when} call ${call}`);
        if (!hasCrashed) break;
        expect(call, 'a run never ends').toBeLessThan(100);
      }
    }
  }, 180_000);

  it('of the start leaves an import that can be started', async () => {
    for (const when of WHEN) {
      for (let call = 1; ; call++) {
        const name = `start ${when} ${call}`;
        const made = await started(name);
        const start = async (by: Call) => {
          const now = (await readImport(by, made.id))!;
          return startImport(by, now, 2);
        };
        const hasCrashed = await untilCrash(market.tables, call, when, (tables) =>
          start({ tables: tables.metered(), now: market.now }),
        );
        must(await start(market.call()));
        await check(name, made.id, `${when} call ${call}`);
        if (!hasCrashed) break;
      }
    }
  }, 60_000);
});

it('two runs at once count each row once', async () => {
  const made = await started('both');
  must(await startImport(market.call(), made, 2));
  await Promise.all(Array.from({ length: 3 }, () => runImport(market.call(), made.id, 10, noModel)));
  await check('both', made.id, 'three runs');
});
