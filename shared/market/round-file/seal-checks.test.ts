/** What the checks of seals, inputs, names and order say, word for word, and what a party's own file says of its result. */
import { beforeAll, expect, test } from 'vitest';
import { sealedRound } from '../../../tests/support/sealed-round.ts';
import { makeCompanyFile, makeProviderFile, makePseudonymousFile } from './build.ts';
import { type Check, type CheckName, checkOf, differences } from './check.ts';
import { type CompanyFile, type ProviderFile, RoundFile, type SealedFile } from './round-file.ts';
import { compareFiles, isSound, verifyRound } from './verify.ts';

let sealed: SealedFile;
let published: SealedFile;
let company: CompanyFile;
let provider: ProviderFile;

beforeAll(async () => {
  sealed = await sealedRound();
  published = await sealedRound({ published: true });
  company = (await makeCompanyFile(sealed, 'co_aaaa000001'))!;
  provider = (await makeProviderFile(sealed, 'pr_pool000001'))!;
});

const copyOf = <F extends RoundFile>(file: F): F => RoundFile.parse(JSON.parse(JSON.stringify(file))) as F;

async function say<F extends RoundFile>(
  file: F,
  name: CheckName,
  change: (file: F) => void = () => {},
): Promise<string> {
  const copy = copyOf(file);
  change(copy);
  const { outcome, detail } = (await verifyRound(copy)).find((check) => check.name === name)!;
  return `${outcome}: ${detail}`;
}

const NO_HASH = '0'.repeat(64);

test('an honest file says what was looked at', async () => {
  const { seedHash, sealRoot } = sealed.public;
  expect(await say(sealed, 'seed')).toBe(`passed: SHA-256 of a seed of this test is ${seedHash}`);
  expect(await say(sealed, 'root')).toBe(
    `passed: 9 seals come to ${sealRoot}; compare it with the root you were given`,
  );
  expect(await say(sealed, 'seals')).toBe('passed: 9 hashes recomputed from content and nonce');
  expect(await say(sealed, 'inputs')).toBe(
    'passed: volumes, limits, tiers and quality are those sent; records are taken as given',
  );
  expect(await say(sealed, 'names')).toBe('passed: the round goes by the real ids');
  expect(await say(published, 'names')).toBe('passed: 9 names recomputed');
  expect(await say(sealed, 'order')).toBe('passed: 5 companies and 4 providers, from the seed');
  const file = makePseudonymousFile(published)!;
  expect(await say(file, 'inputs')).toBe(
    'not possible: seed and terms are the published ones; what was sent stands in the sealed file only',
  );
  expect(await say(file, 'seals')).toBe(
    'not possible: a seal covers the real id, which this file leaves out; each party can check its own',
  );
  expect(await say(file, 'names')).toBe('not possible: names follow from nonces, which the sealed file holds');
  expect(await say(sealed.public, 'root')).toBe(
    'not possible: needs the inputs of all: the sealed file, or the pseudonymous one',
  );
  expect(
    (await verifyRound(company)).filter(({ outcome }) => outcome === 'not possible').map(({ name }) => name),
  ).toEqual([
    'root',
    'inputs',
    'order',
    'feasibility',
    'alike',
    'optimality',
    'prices',
    'balance',
    'floors',
    'epsilon',
    'figures',
  ]);
  const { hash } = company.commitment;
  expect(await say(company, 'seals')).toBe(
    `passed: the hash of your commitment is ${hash}; compare it with your acknowledgement`,
  );
  expect(await say(company, 'inclusion')).toBe(
    `passed: seal ${company.proof.index + 1} of 9 under ${sealRoot}; compare it with the root others were given`,
  );
  expect(await say(provider, 'seals')).toBe(
    `passed: the hash of your bid is ${provider.bid.hash}; compare it with your acknowledgement`,
  );
});

test('a changed seal, seed or root is told with what it should be', async () => {
  const { seedHash, sealRoot } = sealed.public;
  expect(await say(sealed, 'seed', (f) => (f.public.seedHash = NO_HASH))).toBe(
    `failed: the seed a seed of this test has the hash ${seedHash}, but ${NO_HASH} was published`,
  );
  expect(await say(sealed, 'root', (f) => (f.public.sealRoot = NO_HASH))).toBe(
    `failed: the root of the seals is ${sealRoot}, but ${NO_HASH} was published`,
  );
  expect(await say(sealed, 'root', (f) => (f.public.sealCount = 8))).toBe(
    'failed: there are 9 seals, but 8 were published',
  );
  expect(await say(sealed, 'root', (f) => (f.bids[0]!.hash = f.bids[1]!.hash))).toMatch(
    /^failed: a seal appears twice; the root/,
  );
  const [first] = sealed.bids;
  expect(await say(sealed, 'seals', (f) => (f.bids[0]!.hash = NO_HASH))).toBe(
    `failed: the bid of ${first!.provider} has the hash ${first!.hash}, but ${NO_HASH} was acknowledged`,
  );
  const one = sealed.commitments[0]!;
  expect(await say(sealed, 'seals', (f) => (f.commitments[0]!.hash = NO_HASH))).toBe(
    `failed: the commitment of ${one.company} has the hash ${one.hash}, but ${NO_HASH} was acknowledged`,
  );
  expect(await say(company, 'seals', (f) => (f.public.round = 2))).toBe(
    `failed: your commitment is for round 1 of ${one.queue}`,
  );
  expect(await say(company, 'seals', (f) => (f.public.queue = `${one.queue}-x`))).toBe(
    `failed: your commitment is for round 1 of ${one.queue}`,
  );
  expect(await say(company, 'inclusion', (f) => f.proof.path.pop())).toBe(
    `failed: the proof does not lead from ${company.commitment.hash} to ${sealRoot}`,
  );
});

test('a pseudonymous file has one seal for each bidder', async () => {
  const file = makePseudonymousFile(published)!;
  const [id] = Object.keys(file.seals);
  expect(
    await say(file, 'root', (f) => {
      f.seals['company-odd'] = f.seals[id!]!;
      delete f.seals[id!];
    }),
  ).toContain(`${id} was cleared without a seal; company-odd has a seal and was not cleared`);
  expect(await say(file, 'inputs', (f) => (f.input.seed = 'other'))).toBe(
    'failed: the input: seed is "other", but "a seed of this test" follows',
  );
});

test('what was cleared and was not sent, or was sent and not cleared, is told', async () => {
  expect(await say(sealed, 'inputs', (f) => (f.input.round = '2'))).toBe(
    'failed: the input: round is "2", but "1" follows',
  );
  expect(await say(sealed, 'inputs', (f) => (f.input.queue = 'q'))).toContain('the input: queue is "q", but');
  expect(await say(sealed, 'inputs', (f) => (f.input.companies[0]!.volume += 1))).toMatch(
    /^failed: co_\w+: volume is \d+, but \d+ follows$/,
  );
  expect(await say(sealed, 'inputs', (f) => (f.input.companies[0]!.id = 'co_odd'))).toMatch(
    /^failed: co_odd stands among the companies and sent nothing; co_\w+ is missing among the companies$/,
  );
  expect(await say(sealed, 'inputs', (f) => (f.input.providers[0]!.id = 'pr_odd'))).toMatch(
    /pr_odd stands among the providers and sent nothing; pr_\w+ is missing among the providers/,
  );
  // Records come from the ledger, and the order of eligible providers means nothing.
  expect(
    await say(sealed, 'inputs', (f) => {
      f.input.companies[0]!.chargesLastRound += 1;
      for (const each of f.input.companies) each.eligibleProviders.reverse();
    }),
  ).toMatch(/^passed/);
  expect(await say(published, 'inputs', (f) => (f.input.companies[0]!.chargesLastRound += 1))).toMatch(/^passed/);
});

test('names and order that were chosen are told', async () => {
  expect(await say(sealed, 'names', (f) => (f.public.publishesSealedFile = true))).toBe(
    'failed: the terms and the file differ in whether it is published',
  );
  expect(await say(published, 'names', (f) => (f.public.publishesSealedFile = false))).toBe(
    'failed: the terms and the file differ in whether it is published',
  );
  expect(await say(published, 'names', (f) => (f.pseudonyms!.co_aaaa000001 = 'company-mine'))).toMatch(
    /^failed: the names: co_aaaa000001 is "company-mine", but "company-[\w-]+" follows$/,
  );
  expect(await say(published, 'names', (f) => (f.pseudonyms!.co_ffff000006 = 'company-six'))).toBe(
    'failed: there are names of nobody who sent anything',
  );
  expect(
    await say(published, 'names', (f) => {
      f.pseudonyms = Object.fromEntries(Object.entries(f.pseudonyms!).reverse());
    }),
  ).toMatch(/^passed/);
  expect(await say(sealed, 'order', (f) => f.result.order.companies.reverse())).toMatch(
    /^failed: the order: companies is \[[^;]*\], but \[[^;]*\] follows$/,
  );
  expect(await say(sealed, 'order', (f) => f.result.companies.reverse())).toMatch(
    /^failed: the list of results: companies is \[[^;]*\], but \[[^;]*\] follows$/,
  );
  expect(await say(sealed, 'order', (f) => f.result.providers.reverse())).toMatch(
    /^failed: the list of results: providers is \[[^;]*\], but \[[^;]*\] follows$/,
  );
});

test('a company’s own file says what its result breaks', async () => {
  const { result, commitment } = company;
  const { awarded, unitPriceMicros } = result;
  expect(await say(company, 'result')).toBe(
    `passed: ${awarded} of ${commitment.volume} requests at ${unitPriceMicros} micro-units`,
  );
  const faultOf = async (change: (file: CompanyFile) => void) => say(company, 'result', change);
  expect(await faultOf((f) => (f.result.id = 'co_bbbb000002'))).toBe(
    'failed: your result: id is "co_bbbb000002", but "co_aaaa000001" follows',
  );
  expect(await faultOf((f) => (f.result.committed = 7))).toBe(
    `failed: your result: committed is 7, but ${commitment.volume} follows`,
  );
  expect(await faultOf((f) => (f.result.byProvider[0]!.volume += 1))).toContain(
    `your result: awarded is ${awarded}, but ${awarded + 1} follows`,
  );
  expect(await faultOf((f) => (f.commitment.volume = awarded - 1))).toContain(
    `you are served ${awarded} of ${awarded - 1} committed`,
  );
  const [served] = result.byProvider;
  expect(await faultOf((f) => f.commitment.limits.blocked.push(served!.provider))).toContain(
    `you are served by ${served!.provider}, whom you blocked`,
  );
  expect(await faultOf((f) => (f.commitment.reserveMicros = unitPriceMicros - 1))).toContain(
    `above its limit of ${unitPriceMicros - 1}`,
  );
  expect(await faultOf((f) => delete f.commitment.reserveMicros)).toMatch(/^passed/);
  expect(
    await faultOf((f) => {
      delete f.commitment.reserveMicros;
      f.public.terms.ceilingMicros = unitPriceMicros - 1;
    }),
  ).toContain(`above its limit of ${unitPriceMicros - 1}`);
  expect(await faultOf((f) => (f.public.terms.ceilingMicros = unitPriceMicros - 1))).toContain('above its limit of');
  expect(await faultOf((f) => (f.result.surplusMicros = f.result.floorMicros))).toMatch(/^passed/);
  expect(await faultOf((f) => (f.result.floorMicros = f.result.surplusMicros + 1))).toBe(
    'failed: you gain less than your floor',
  );
});

test('a provider’s own file says what its result breaks', async () => {
  const { result, bid } = provider;
  expect(await say(provider, 'result')).toBe(
    `passed: ${result.awarded} of ${bid.capacity} requests at ${result.priceMicros} micro-units`,
  );
  const faultOf = async (change: (file: ProviderFile) => void) => say(provider, 'result', change);
  expect(await faultOf((f) => (f.result.id = 'pr_odd'))).toContain(
    'your result: id is "pr_odd", but "pr_pool000001" follows',
  );
  expect(await faultOf((f) => (f.bid.capacity = result.awarded - 1))).toContain(
    `you are awarded ${result.awarded} of a capacity of ${result.awarded - 1}`,
  );
  expect(await faultOf((f) => (f.bid.capacity = result.awarded))).toMatch(/^passed/);
  expect(await faultOf((f) => (f.bid.tiers[0]!.minVolume = result.awarded + 1))).not.toContain(
    'less than your minimum',
  );
  expect(
    await faultOf((f) => {
      f.bid.tiers = [{ minVolume: result.awarded + 1, priceMicros: 1 as never }];
    }),
  ).toContain('you are awarded less than your minimum');
  expect(
    await faultOf((f) => {
      Object.assign(f.result, { awarded: 0, tier: null, priceMicros: null });
    }),
  ).toBe(`passed: 0 of ${bid.capacity} requests at null micro-units`);
  expect(await faultOf((f) => (f.result.tier = null))).toContain('your result: tier is null, but');
});

test('files of one round agree, and say where they do not', async () => {
  const all = makePseudonymousFile(published)!;
  const own = (await makeCompanyFile(published, 'co_aaaa000001'))!;
  const bidder = (await makeProviderFile(published, 'pr_pool000001'))!;
  expect(compareFiles([all, own, bidder])).toEqual({ name: 'same', outcome: 'passed', detail: '3 files agree' });
  const name = own.pseudonym!;
  const changed = (change: (file: CompanyFile) => void): Check => {
    const file = copyOf(own);
    change(file);
    return compareFiles([all, file]);
  };
  expect(changed((f) => (f.public.seed = 'other')).detail).toBe(
    'file 2: seed is "other", but "a seed of this test" follows',
  );
  expect(changed((f) => (f.result.unitPriceMicros = 1)).detail).toBe(
    `co_aaaa000001 as ${name}: unitPriceMicros is ${own.result.unitPriceMicros}, but 1 follows`,
  );
  const volumes = own.result.byProvider.map(({ volume }) => volume);
  expect(changed((f) => (f.result.byProvider[0]!.volume = 1)).detail).toBe(
    `co_aaaa000001 as ${name}: volumes is ${JSON.stringify(volumes)}, but ${JSON.stringify([1, ...volumes.slice(1)])} follows`,
  );
  expect(changed((f) => (f.pseudonym = 'company-odd')).detail).toBe('company-odd is not in the file of all');
  const paid = copyOf(bidder);
  paid.result.awarded = 1;
  expect(compareFiles([all, paid]).detail).toBe(
    `pr_pool000001 as ${bidder.pseudonym}: awarded is ${bidder.result.awarded}, but 1 follows`,
  );
  expect(compareFiles([sealed, company])).toMatchObject({ outcome: 'passed' });
  expect(compareFiles([sealed.public, company])).toMatchObject({ outcome: 'passed' });
});

test('a round is sound where nothing failed', () => {
  const check = (outcome: Check['outcome']): Check => ({ name: 'seed', outcome, detail: '' });
  expect(isSound([check('passed'), check('not possible')])).toBe(true);
  expect(isSound([check('passed'), check('failed')])).toBe(false);
});

test('five faults are told, and how many more there are', () => {
  const faults = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  expect(checkOf('seed', faults.slice(0, 5), '').detail).toBe('a; b; c; d; e');
  expect(checkOf('seed', faults, '').detail).toBe('a; b; c; d; e; and 2 more');
});

test('what is not there is told as missing', () => {
  expect(differences('it', {}, { one: 1 })).toEqual(['it: one is missing, but 1 follows']);
});
