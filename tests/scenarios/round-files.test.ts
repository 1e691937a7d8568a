/** A round cleared through the stores: its files are kept before it says so, shown to whom they are for, and hold. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { handler as company } from '../../functions/api/company.ts';
import { handler as market } from '../../functions/api/market.ts';
import { handler as operator } from '../../functions/api/operator.ts';
import { handler as provider } from '../../functions/api/provider.ts';
import { inOneOrParts } from '../../functions/api/round-files.ts';
import { allCompanyAwards } from '../../shared/award/award.store.ts';
import { readCommitment } from '../../shared/commitment/commitment.store.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { randomToken } from '../../shared/kernel/id.ts';
import { HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { FileChunk, RoundFile } from '../../shared/market/round-file/round-file.ts';
import { compareFiles, verifyRound } from '../../shared/market/round-file/verify.ts';
import { readRound } from '../../shared/queue/queue.store.ts';
import { clearRound } from '../../shared/round/clearing.store.ts';
import { readPublicFile, readSealedFile, writeRoundFiles } from '../../shared/round/round-file.store.ts';
import { stepDueRounds } from '../../shared/round/step.store.ts';
import { type ApiHandler, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, TERMS, TestMarket } from '../support/round.ts';

const COMPANIES = ['co_file000001', 'co_file000002', 'co_file000003'] as const;
const POOL = 'pr_file000001';
const PROGRAM = 'pr_file000002';

let engine: TestTables;
let edge: TestEdge;
let folder: string;
beforeAll(async () => {
  engine = await startTestTables();
  folder = mkdtempSync(join(tmpdir(), 'parley-round-files-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await engine.stop();
});
beforeEach(() => {
  edge = new TestEdge(engine.tables);
});

async function bidInMarket(category: string, publishSealedFile: boolean): Promise<TestMarket> {
  const own = new TestMarket(engine.tables, { ...TERMS, publishSealedFile });
  await own.open(category);
  await own.commit(COMPANIES[0], 10);
  await own.commit(COMPANIES[1], 6, { reserveMicros: 7_000_000 });
  await own.commit(COMPANIES[2], 4);
  const tiers = [
    { minVolume: 0, priceMicros: 5_000_000 },
    { minVolume: 15, priceMicros: 4_000_000 },
  ];
  await own.bid(POOL, 'agent_pool', { capacity: 30, tiers, rollOver: false });
  await own.bid(PROGRAM, 'automation', {
    capacity: 5,
    tiers: [{ minVolume: 0, priceMicros: 1_500_000 }],
    rollOver: false,
  });
  return own;
}

async function activeMarket(category: string, publishSealedFile: boolean): Promise<TestMarket> {
  const own = await bidInMarket(category, publishSealedFile);
  await own.advance(FEBRUARY - 23 * HOUR);
  await own.advance(FEBRUARY + MINUTE);
  return own;
}

async function member(tenant: string, role: Role): Promise<string> {
  const user = `${tenant}-${role}`;
  await addMember(engine.tables, tenant, { user, email: null, roles: [role] }, edge.now);
  return edge.person(user);
}

const read = (handler: ApiHandler, queue: string, path: string, token?: string, query: Record<string, string> = {}) =>
  edge.call(handler, `GET /v1/queues/{queue}/rounds/{round}/${path}`, {
    params: { queue, round: '1' },
    query,
    ...(token === undefined ? {} : { token }),
  });

const failed = async (file: unknown) =>
  (await verifyRound(RoundFile.parse(file))).filter(({ outcome }) => outcome === 'failed');

describe('the files of a round', () => {
  it('hold, in every kind, and agree with each other and with the awards', async () => {
    const own = await activeMarket('files published', true);
    const answers = await Promise.all([
      read(market, own.queue, 'file'),
      read(market, own.queue, 'file', undefined, { part: 'sealed' }),
      read(company, own.queue, 'company-file', await member(COMPANIES[1], 'company.admin')),
      read(provider, own.queue, 'provider-file', await member(POOL, 'provider.admin')),
      read(operator, own.queue, 'sealed-file', await edge.operator()),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    for (const { body } of answers) expect(await failed(body)).toEqual([]);
    const files = answers.map(({ body }) => RoundFile.parse(body));
    expect(files.map(({ kind }) => kind.split('.')[2])).toEqual([
      'public',
      'pseudonymous',
      'company',
      'provider',
      'sealed',
    ]);
    expect(compareFiles(files)).toMatchObject({ outcome: 'passed' });

    const sealed = (await readSealedFile(own.call(), own.queue, 1))!;
    const awards = await allCompanyAwards(own.call(), own.queue, 1);
    for (const award of awards) {
      const row = sealed.result.companies.find(({ id }) => id === sealed.pseudonyms![award.company])!;
      expect(award).toMatchObject({
        awarded: row.awarded,
        totalMicros: row.totalMicros,
        unitPriceMicros: row.unitPriceMicros,
      });
    }
    expect(sealed.commitments).toContainEqual(await readCommitment(own.call(), COMPANIES[0], own.queue, 1));
    expect(sealed.public.figures).toEqual((await readRound(engine.tables, own.queue, 1))!.figures);
  });

  it('name nobody but their party, and show each party its own', async () => {
    const own = await activeMarket('files own', true);
    const party = (await read(company, own.queue, 'company-file', await member(COMPANIES[0], 'company.finance'))).body;
    const published = (await read(market, own.queue, 'file', undefined, { part: 'sealed' })).body;
    for (const other of [COMPANIES[1], COMPANIES[2]]) expect(JSON.stringify(party)).not.toContain(other);
    expect(party).toMatchObject({ commitment: { company: COMPANIES[0] }, result: { id: COMPANIES[0] } });
    for (const id of [...COMPANIES, POOL, PROGRAM]) expect(JSON.stringify(published)).not.toContain(id);
    const stranger = await read(company, own.queue, 'company-file', await member('co_file000009', 'company.admin'));
    expect(stranger.body).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('are public only in part where the terms do not publish them', async () => {
    const own = await activeMarket('files unpublished', false);
    expect((await read(market, own.queue, 'file')).status).toBe(200);
    const answer = await read(market, own.queue, 'file', undefined, { part: 'sealed' });
    expect(answer.body).toMatchObject({ status: 403, code: 'file_not_published' });
    const sealed = await read(operator, own.queue, 'sealed-file', await edge.operator());
    expect(await failed(sealed.body)).toEqual([]);
    expect(sealed.body.pseudonyms).toBeNull();
  });

  it('are shown to no one before the close, and before the round begins to the auditor only, with a line in the log', async () => {
    const own = await bidInMarket('files early', true);
    const auditor = await edge.operator();
    const admin = await member(COMPANIES[0], 'company.admin');
    const everyone = () =>
      Promise.all([
        read(market, own.queue, 'file'),
        read(market, own.queue, 'file', undefined, { part: 'sealed' }),
        read(company, own.queue, 'company-file', admin),
        read(operator, own.queue, 'sealed-file', auditor),
      ]);
    const codes = async () => (await everyone()).map(({ status, body }) => (status === 200 ? 'shown' : body.code));
    const early = 'round_not_cleared';
    expect(await codes()).toEqual([early, early, early, early]);
    await own.advance(FEBRUARY - 23 * HOUR);
    expect(await codes()).toEqual([early, early, early, 'shown']);
    const audits = edge.lines.filter(({ message }) => message.startsWith('audit:'));
    expect(audits.map(({ fields }) => fields)).toEqual([
      expect.objectContaining({ user: 'operator', queue: own.queue, round: 1 }),
    ]);
    const finance = await edge.operator('finance', ['market.finance']);
    expect((await read(operator, own.queue, 'sealed-file', finance)).body.code).toBe('forbidden');
  });
});

describe('keeping them', () => {
  it('comes before the round says that it is cleared, and twice at once is the same', async () => {
    const own = await bidInMarket('files twice', true);
    own.now = FEBRUARY - 23 * HOUR;
    await stepDueRounds(own.call(), async () => {});
    expect(await readPublicFile(own.call(), own.queue, 1)).toBeUndefined();
    const outcomes = await Promise.all([1, 2].map(() => clearRound(own.call(), own.queue, 1, createMarketSolver())));
    expect(outcomes).toContain('cleared');
    const sealed = (await readSealedFile(own.call(), own.queue, 1))!;
    expect(await failed(sealed)).toEqual([]);
    expect(await readPublicFile(own.call(), own.queue, 1)).toEqual(sealed.public);
  });

  it('spans as many items as it needs, and is refused when one of them was changed', async () => {
    const own = await activeMarket('files large', false);
    const sealed = (await readSealedFile(own.call(), own.queue, 1))!;
    const seed = Array.from({ length: 8 }, () => randomToken(60_000)).join('');
    const large = { ...sealed, public: { ...sealed.public, round: 7 }, input: { ...sealed.input, seed } };
    await writeRoundFiles(own.call(), large);
    expect(await readSealedFile(own.call(), own.queue, 7)).toEqual(large);
    const pk = `F#${own.queue}#000007`;
    const items = await engine.tables.queryAll('market', z.looseObject({ sk: z.string() }), { pk, prefix: 'sealed#' });
    expect(items.length).toBeGreaterThan(1);
    await engine.tables.put('market', { ...items[0]!, pk, bytes: new Uint8Array(9) });
    const fresh = { ...own.call(), tables: new TestMarket(engine.tables).tables };
    await expect(readSealedFile(fresh, own.queue, 7)).rejects.toThrow('not what was written');
  });

  it('gives a file too large for one answer in parts, which the command puts together and checks', async () => {
    const own = await activeMarket('files in parts', true);
    const sealed = (await readSealedFile(own.call(), own.queue, 1))!;
    expect(await inOneOrParts(sealed, undefined, 1_000)).toMatchObject({
      ok: false,
      code: 'file_in_parts',
      extra: { chunks: 1 },
    });
    expect(await inOneOrParts(sealed, 2)).toMatchObject({ ok: false, code: 'not_found' });
    const whole = (await inOneOrParts(sealed, 1)) as { body: FileChunk };
    const bytes = Buffer.from(whole.body.data, 'base64url');
    const half = Math.floor(bytes.length / 2);
    const paths = [bytes.subarray(0, half), bytes.subarray(half)].map((data, n) => {
      const part = { ...whole.body, chunk: n + 1, chunks: 2, data: data.toString('base64url') };
      const path = join(folder, `part-${n}.json`);
      writeFileSync(path, JSON.stringify(FileChunk.parse(part)));
      return path;
    });
    const checked = await verifyCommand(paths.toReversed());
    expect(checked).toMatchObject({ code: 0 });
    expect(checked.output).toContain('Nothing is wrong: 16 checks passed');
    const one = await verifyCommand(paths.slice(0, 1));
    expect(one).toMatchObject({ code: 2 });
    expect(one.output).toContain('missing: 2');
  });

  it('lets the command refuse a changed file with what is wrong, as text and as JSON', async () => {
    const own = await activeMarket('files changed', false);
    const sealed = structuredClone((await readSealedFile(own.call(), own.queue, 1))!);
    sealed.public.epsilon!.micros += 1;
    const path = join(folder, 'changed.json');
    writeFileSync(path, JSON.stringify(sealed));
    const refused = await verifyCommand([path]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.output).toMatch(/✗ epsilon[\s\S]*REFUSED: 1 of 16 checks failed/);
    const told = JSON.parse((await verifyCommand([path, '--json'])).output) as { sound: boolean };
    expect(told.sound).toBe(false);
  });
});

const run = promisify(execFile);

/** Runs the command as a person does. */
async function verifyCommand(words: readonly string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout } = await run(process.execPath, ['infra/commands/verify-round.ts', ...words]);
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  }
}
