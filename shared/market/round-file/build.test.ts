/** The files of a round hold what their reader may see, under the right names, and explain it to that reader only. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { sealedRound } from '../../../tests/support/sealed-round.ts';
import { createExactSolver } from '../solver/exact.ts';
import type { Solver } from '../solver.ts';
import { whyProvider } from '../why.ts';
import { makeCompanyFile, makeProviderFile, makePseudonymousFile, makeSealedFile } from './build.ts';
import { explainCompany, explainProvider } from './explain.ts';
import { merkleRoot } from './merkle.ts';
import { pseudonymsOf, renameInput, renameResult, reversed } from './pseudonyms.ts';
import { Result, type SealedFile } from './round-file.ts';

const COMPANIES = ['co_aaaa000001', 'co_bbbb000002', 'co_cccc000003', 'co_dddd000004', 'co_eeee000005'];
const PROVIDERS = ['pr_auto000002', 'pr_pool000001', 'pr_pool000003', 'pr_pool000004'];
let sealed: SealedFile;
let published: SealedFile;

beforeAll(async () => {
  sealed = await sealedRound();
  published = await sealedRound({ published: true });
});

describe('the sealed file', () => {
  it('lists bids and commitments by id, whatever order they came in, under one public part', async () => {
    const facts = {
      ...sealed,
      round: { ...sealed.public, seed: sealed.public.seed },
      currency: sealed.public.currency,
      pseudonyms: null,
      result: Result.parse(sealed.result),
    };
    const turned = await makeSealedFile({
      ...facts,
      commitments: sealed.commitments.toReversed(),
      bids: sealed.bids.toReversed(),
    });
    expect(turned).toEqual(sealed);
    expect(sealed.commitments.map(({ company }) => company)).toEqual(COMPANIES);
    expect(sealed.bids.map(({ provider }) => provider)).toEqual(PROVIDERS);
    const seals = [...sealed.commitments, ...sealed.bids].map(({ hash }) => hash);
    expect(sealed.public).toMatchObject({
      kind: 'parley.round.public',
      version: 1,
      round: 1,
      currency: 'USD',
      termsVersion: 1,
      publishesSealedFile: false,
      seed: 'a seed of this test',
      sealRoot: await merkleRoot(seals),
      sealCount: 9,
    });
    expect(sealed).toMatchObject({ kind: 'parley.round.sealed', version: 1, pseudonyms: null });
    expect(Object.keys(published.pseudonyms!)).toEqual([...COMPANIES, ...PROVIDERS]);
    expect(published.public.publishesSealedFile).toBe(true);
  });
});

describe('the pseudonymous file', () => {
  it('holds every seal under the name of its bidder, and what was cleared in the order of names', () => {
    const file = makePseudonymousFile(published)!;
    const names = published.pseudonyms!;
    expect(file).toMatchObject({ kind: 'parley.round.pseudonymous', version: 1, result: published.result });
    const seals = [
      ...published.commitments.map(({ company, hash }) => [names[company], hash]),
      ...published.bids.map(({ provider, hash }) => [names[provider], hash]),
    ];
    expect(Object.entries(file.seals)).toEqual(seals.toSorted(([a], [b]) => (a! < b! ? -1 : 1)));
    const ids = COMPANIES.map((id) => names[id]!).toSorted();
    expect(file.input.companies.map(({ id }) => id)).toEqual(ids);
    expect(file.input.providers.map(({ id }) => id)).toEqual(PROVIDERS.map((id) => names[id]!).toSorted());
    // What was cleared keeps its own order.
    expect(published.input.companies.map(({ id }) => id)).not.toEqual(ids);
  });
});

describe('a party’s file', () => {
  it('holds its own with real names, also where the round went by others', async () => {
    for (const file of [sealed, published]) {
      const company = (await makeCompanyFile(file, 'co_cccc000003'))!;
      const name = file.pseudonyms?.co_cccc000003 ?? 'co_cccc000003';
      expect(company).toMatchObject({
        kind: 'parley.round.company',
        version: 1,
        pseudonym: file.pseudonyms === null ? null : name,
        chargesLastRound: 70,
        commitment: { company: 'co_cccc000003', volume: 61 },
        result: { id: 'co_cccc000003' },
      });
      expect(company.result.byProvider.every(({ provider }) => PROVIDERS.includes(provider))).toBe(true);
      const row = file.result.companies.find(({ id }) => id === name)!;
      expect(company.result.unitPriceMicros).toBe(row.unitPriceMicros);
      const provider = (await makeProviderFile(file, 'pr_pool000001'))!;
      expect(provider).toMatchObject({
        kind: 'parley.round.provider',
        version: 1,
        pseudonym: file.pseudonyms?.pr_pool000001 ?? null,
        bid: { provider: 'pr_pool000001' },
        result: { id: 'pr_pool000001' },
      });
    }
  });

  it('is none for who sent nothing, and a bug where the result lost who did', async () => {
    expect(await makeCompanyFile(sealed, 'co_none000009')).toBeUndefined();
    expect(await makeProviderFile(sealed, 'pr_none000009')).toBeUndefined();
    expect(await explainCompany(sealed, 'co_none000009')).toBeUndefined();
    expect(await explainProvider(sealed, 'pr_none000009')).toBeUndefined();
    const without = <R extends { id: string }>(rows: readonly R[], id: string) => rows.filter((row) => row.id !== id);
    const company = 'co_aaaa000001';
    const [input, result] = [sealed.input, sealed.result];
    const unread = { ...sealed, input: { ...input, companies: without(input.companies, company) } };
    const unanswered = { ...sealed, result: { ...result, companies: without(result.companies, company) } };
    for (const file of [unread, unanswered])
      await expect(makeCompanyFile(file, company)).rejects.toThrow('the round file lost co_aaaa000001');
    const provider = { ...sealed, result: { ...result, providers: without(result.providers, 'pr_auto000002') } };
    await expect(makeProviderFile(provider, 'pr_auto000002')).rejects.toThrow('the round file lost pr_auto000002');
  });
});

describe('an explanation', () => {
  /** The provider that was awarded nothing. */
  const loser = () => {
    const row = sealed.result.providers.find(({ awarded }) => awarded === 0)!;
    return row.id;
  };

  it('says of which round and currency it is, as data and in words', async () => {
    const company = (await explainCompany(sealed, 'co_aaaa000001'))!;
    expect(company).toMatchObject({ queue: sealed.public.queue, round: 1, currency: 'USD' });
    expect(company.explanation).toContain('USD');
    const provider = (await explainProvider(sealed, 'pr_pool000001'))!;
    expect(provider).toMatchObject({ queue: sealed.public.queue, round: 1, currency: 'USD' });
    expect(provider.why).toMatchObject({ outcome: 'awarded' });
    expect(provider.explanation).toMatch(/^You are awarded/);
    expect(await explainProvider(published, 'pr_pool000001')).toEqual(provider);
  });

  it('tells the price to win, rounded, unless clearing again takes more than it may', async () => {
    const limits = { pairs: 20, nodes: 3_000, augmentations: 100_000 };
    const told = await explainProvider(sealed, loser(), limits);
    expect(told!.why).toMatchObject({ priceToWin: { told: true, isRounded: true } });
    for (const less of [{ pairs: 19 }, { nodes: 1 }, { augmentations: 1 }]) {
      const { why } = (await explainProvider(sealed, loser(), { ...limits, ...less }))!;
      expect(why).toMatchObject({ priceToWin: { told: false, because: 'too_large' } });
    }
  });

  it('keeps all clearings of one search together within its limits', async () => {
    const spent: { nodes: number; augmentations: number }[] = [];
    const counted: Solver = async (problem) => {
      const choice = await createExactSolver()(problem);
      spent.push(choice.statistics!);
      return choice;
    };
    await whyProvider(sealed.input, sealed.result, loser(), counted);
    const nodes = spent.reduce((sum, each) => sum + each.nodes, 0);
    const paths = spent.reduce((sum, each) => sum + each.augmentations, 0);
    expect(spent.length).toBeGreaterThan(10);
    expect(spent.at(-1)!.augmentations).toBeGreaterThan(0);
    const isTold = async (more: { nodes?: number; augmentations?: number }) => {
      const limits = { pairs: 20, nodes: 3_000, augmentations: 100_000, ...more };
      const { why } = (await explainProvider(sealed, loser(), limits))!;
      return 'priceToWin' in why && why.priceToWin.told;
    };
    expect(await isTold({ nodes })).toBe(true);
    expect(await isTold({ nodes: nodes - 1 })).toBe(false);
    // Paths are counted before each node: where one is left, the last takes what it needs.
    expect(await isTold({ augmentations: paths + 1 })).toBe(true);
    expect(await isTold({ augmentations: paths - spent.at(-1)!.augmentations })).toBe(false);
  });

  it('tells no price to win to one of three bidders', async () => {
    const { input, result } = sealed;
    const gone = PROVIDERS.find((id) => id !== loser())!;
    const three = {
      ...sealed,
      input: { ...input, providers: input.providers.filter(({ id }) => id !== gone) },
      result: { ...result, providers: result.providers.filter(({ id }) => id !== gone) },
    };
    expect((await explainProvider(three, loser()))!.why).toMatchObject({
      priceToWin: { told: false, because: 'few_bidders' },
    });
  });
});

describe('names of a round', () => {
  const sha256 = (text: string) => createHash('sha256').update(text);

  it('are the first 128 bits of a hash of the id under a key, itself the hash of all nonces', async () => {
    const company = { queue: 'q', round: 3, nonce: 'n2', company: 'co_1' };
    const provider = { queue: 'q', round: 3, nonce: 'n1', provider: 'pr_1' };
    const nonces = ['["q",3,"n1"]', '["q",3,"n2"]'];
    const key = sha256(JSON.stringify(['parley pseudonyms', ...nonces])).digest('hex');
    const name = (id: string) => sha256(`${key}|${id}`).digest().subarray(0, 16).toString('base64url');
    const names = await pseudonymsOf([company], [provider]);
    expect([...names]).toEqual([
      ['co_1', `company-${name('co_1')}`],
      ['pr_1', `provider-${name('pr_1')}`],
    ]);
    expect([...reversed(names)]).toEqual([...names].map(([id, own]) => [own, id]));
  });

  it('replace every id of an input and a result, and going back gives the same again', async () => {
    const names = await pseudonymsOf(sealed.commitments, sealed.bids);
    const [input, result] = [renameInput(sealed.input, names), renameResult(sealed.result, names)];
    expect(JSON.stringify([input, result])).not.toMatch(/co_\w|pr_\w/);
    expect(renameInput(input, reversed(names))).toEqual(sealed.input);
    expect(renameResult(result, reversed(names))).toEqual(sealed.result);
    // A name that is not among them stays.
    expect(renameInput(sealed.input, new Map())).toEqual(sealed.input);
  });
});
