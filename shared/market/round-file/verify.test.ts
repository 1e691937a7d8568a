/** Honest files pass, and whatever is changed in one is refused by the check that it breaks. */
import { beforeAll, describe, expect, it } from 'vitest';
import { sealedRound } from '../../../tests/support/sealed-round.ts';
import { sha256Hex } from '../../kernel/hash.ts';
import { createMarketSolver } from '../market-solver.ts';
import { makeCompanyFile, makeProviderFile, makePseudonymousFile, sealsOf } from './build.ts';
import { CHECKS, type CheckName } from './check.ts';
import { merkleRoot } from './merkle.ts';
import { type CompanyFile, type ProviderFile, RoundFile, type SealedFile } from './round-file.ts';
import { sealOf } from './seal-checks.ts';
import { compareFiles, isSound, verifyRound } from './verify.ts';

let sealed: SealedFile;
let published: SealedFile;

beforeAll(async () => {
  sealed = await sealedRound();
  published = await sealedRound({ published: true });
});

/** As it is after a way through JSON. */
const copyOf = <F extends RoundFile>(file: F): F => RoundFile.parse(JSON.parse(JSON.stringify(file))) as F;
const failedOf = async (file: RoundFile): Promise<CheckName[]> =>
  (await verifyRound(file)).filter(({ outcome }) => outcome === 'failed').map(({ name }) => name);

describe('an honest file', () => {
  const whole = ['feasibility', 'tiers', 'alike', 'optimality', 'prices', 'floors', 'balance', 'limits', 'epsilon'];
  const of = async (file: RoundFile, outcome: string): Promise<string[]> =>
    (await verifyRound(copyOf(file))).filter((check) => check.outcome === outcome).map(({ name }) => name);

  it('passes every check when it is sealed, with and without pseudonyms', async () => {
    const all = ['seed', 'root', 'seals', 'names', 'inputs', 'order', ...whole, 'figures'];
    expect(await of(sealed, 'passed')).toEqual(all);
    expect(await of(published, 'passed')).toEqual(all);
  });

  it('passes all but what needs real names when it is pseudonymous', async () => {
    const file = makePseudonymousFile(published)!;
    expect(await of(file, 'passed')).toEqual(['seed', 'root', 'order', ...whole, 'figures']);
    expect(await of(file, 'not possible')).toEqual(['seals', 'names', 'inputs']);
  });

  it('passes what it can show when it is public or one party’s, and says what it cannot', async () => {
    const company = (await makeCompanyFile(published, 'co_cccc000003'))!;
    const provider = (await makeProviderFile(published, 'pr_auto000002'))!;
    expect(await of(sealed.public, 'passed')).toEqual(['seed']);
    for (const file of [company, provider]) {
      expect(await of(file, 'passed')).toEqual(['seed', 'seals', 'inclusion', 'result']);
      expect(await of(file, 'not possible')).toContain('optimality');
    }
    expect(compareFiles([company, provider, published, makePseudonymousFile(published)!]).outcome).toBe('passed');
  });

  it('holds every check there is in some file', async () => {
    const files = [sealed, (await makeCompanyFile(sealed, 'co_aaaa000001'))!];
    const names = (await Promise.all(files.map((file) => verifyRound(file)))).flat().map(({ name }) => name);
    expect(new Set([...names, 'same'])).toEqual(new Set(Object.keys(CHECKS)));
  });
});

describe('a changed file', () => {
  const row = (file: SealedFile, id: string) => file.result.companies.find((company) => company.id === id)!;
  const nodes = (file: SealedFile) => file.certificate!.nodes;
  const moves: [string, CheckName, (file: SealedFile) => void][] = [
    [
      'one request moved to another company',
      'alike',
      (file) => {
        const [from, to] = [row(file, 'co_aaaa000001'), row(file, 'co_bbbb000002')];
        const part = from.byProvider.find(({ provider }) => to.byProvider.some((own) => own.provider === provider))!;
        part.volume -= 1;
        from.awarded -= 1;
        to.byProvider.find(({ provider }) => provider === part.provider)!.volume += 1;
        to.awarded += 1;
      },
    ],
    [
      'one request more than a company committed',
      'feasibility',
      (file) => {
        row(file, 'co_aaaa000001').byProvider[0]!.volume += 1;
      },
    ],
    [
      'a request at a provider whom its company blocked',
      'feasibility',
      (file) => {
        row(file, 'co_dddd000004').byProvider[0]!.provider = 'pr_pool000003';
      },
    ],
    [
      'an award that nobody made a bid for',
      'feasibility',
      (file) => {
        row(file, 'co_aaaa000001').byProvider[0]!.provider = 'pr_none000009';
      },
    ],
    [
      'a provider’s price',
      'tiers',
      (file) => {
        file.result.providers.find(({ awarded }) => awarded > 0)!.priceMicros! += 1;
      },
    ],
    [
      'one company’s price',
      'prices',
      (file) => {
        row(file, 'co_aaaa000001').unitPriceMicros += 1;
      },
    ],
    [
      'one company’s price, paid for by another',
      'prices',
      (file) => {
        row(file, 'co_aaaa000001').totalMicros += 1;
        row(file, 'co_bbbb000002').totalMicros -= 1;
      },
    ],
    [
      'what one company pays',
      'balance',
      (file) => {
        row(file, 'co_cccc000003').totalMicros += 1;
      },
    ],
    [
      'a price above the reserve',
      'limits',
      (file) => {
        row(file, 'co_cccc000003').unitPriceMicros = 7_123_458;
      },
    ],
    [
      'a lower floor',
      'floors',
      (file) => {
        row(file, 'co_aaaa000001').floorMicros -= 1;
      },
    ],
    [
      'a gain below the floor',
      'floors',
      (file) => {
        row(file, 'co_aaaa000001').surplusMicros = 0;
      },
    ],
    [
      'ε in the result',
      'epsilon',
      (file) => {
        file.result.epsilonMicros -= 1;
      },
    ],
    [
      'ε in the public file',
      'epsilon',
      (file) => {
        file.public.epsilon!.micros -= 1;
      },
    ],
    [
      'a pooled figure',
      'figures',
      (file) => {
        file.public.figures!.billingsMicros -= 1;
      },
    ],
    [
      'the published gap',
      'figures',
      (file) => {
        file.public.proof.gapMicros += 1;
      },
    ],
    [
      'a dual of the certificate',
      'optimality',
      (file) => {
        nodes(file).at(-1)!.duals[0]![0] = 9_000_000;
      },
    ],
    [
      'a part left out of the certificate',
      'optimality',
      (file) => {
        nodes(file).pop();
      },
    ],
    [
      'a certificate without its tree',
      'optimality',
      (file) => {
        nodes(file)[0]!.split = null;
      },
    ],
    [
      'the seed',
      'seed',
      (file) => {
        file.public.seed += '.';
      },
    ],
    [
      'the seed that was cleared with',
      'inputs',
      (file) => {
        file.input.seed += '.';
      },
    ],
    [
      'the ceiling that was cleared with',
      'inputs',
      (file) => {
        file.input.terms.ceilingMicros += 1;
      },
    ],
    [
      'the order',
      'order',
      (file) => {
        file.result.order.companies.reverse();
      },
    ],
    [
      'a dropped bid',
      'root',
      (file) => {
        file.bids.pop();
      },
    ],
    [
      'a dropped commitment',
      'root',
      (file) => {
        file.commitments.pop();
      },
    ],
    [
      'one hash',
      'seals',
      (file) => {
        file.bids[0]!.hash = '0'.repeat(64);
      },
    ],
    [
      'one nonce',
      'seals',
      (file) => {
        file.commitments[0]!.nonce += 'x';
      },
    ],
    [
      'one bid price',
      'seals',
      (file) => {
        file.bids[0]!.tiers[0]!.priceMicros -= 1;
      },
    ],
    [
      'one bid price in the input only',
      'inputs',
      (file) => {
        file.input.providers[0]!.tiers[0]!.priceMicros -= 1;
      },
    ],
    [
      'an eligible provider taken away',
      'inputs',
      (file) => {
        file.input.companies[0]!.eligibleProviders.pop();
      },
    ],
    [
      'an added company',
      'inputs',
      (file) => void file.input.companies.push({ ...file.input.companies[0]!, id: 'co_ffff000006' }),
    ],
    [
      'an added company in awards only',
      'feasibility',
      (file) => {
        file.result.companies.push({ ...file.result.companies[0]!, id: 'co_ffff000006' });
      },
    ],
    [
      'the root',
      'root',
      (file) => {
        file.public.sealRoot = '0'.repeat(64);
      },
    ],
    [
      'another round',
      'seals',
      (file) => {
        file.public.round = 2;
      },
    ],
  ];

  it.each(moves)('is refused for %s, by the check of %s', async (_, name, change) => {
    const file = copyOf(sealed);
    change(file);
    expect(await failedOf(file)).toContain(name);
  });

  it('is refused for a name of one’s own choice', async () => {
    const file = copyOf(published);
    file.pseudonyms!.co_aaaa000001 = 'company-of-my-choice';
    expect(await failedOf(file)).toContain('names');
  });

  it('is refused when it is pseudonymous and a bidder has no seal', async () => {
    const file = copyOf(makePseudonymousFile(published)!);
    file.input.companies.push({ ...file.input.companies[0]!, id: 'company-added' });
    expect(await failedOf(file)).toContain('root');
  });

  it('shows beside the public file though all of it was made to fit', async () => {
    const file = copyOf(sealed);
    const [commitment] = file.commitments;
    commitment!.volume += 1;
    commitment!.hash = await sealOf(commitment!);
    file.public.sealRoot = await merkleRoot(sealsOf(file));
    expect(compareFiles([sealed.public, file])).toMatchObject({ outcome: 'failed', name: 'same' });
    expect(compareFiles([sealed.public, file]).detail).toContain('sealRoot');
  });
});

describe('a changed file of one party', () => {
  const company: [string, CheckName, (file: CompanyFile) => void][] = [
    [
      'volume',
      'seals',
      (file) => {
        file.commitment.volume += 1;
      },
    ],
    [
      'seal',
      'inclusion',
      (file) => {
        file.commitment.hash = '0'.repeat(64);
      },
    ],
    [
      'proof',
      'inclusion',
      (file) => {
        file.proof.path.pop();
      },
    ],
    [
      'place',
      'inclusion',
      (file) => {
        file.proof.index += 1;
      },
    ],
    [
      'price',
      'result',
      (file) => {
        file.result.unitPriceMicros += 1;
      },
    ],
    [
      'award',
      'result',
      (file) => {
        file.result.awarded += 1;
      },
    ],
  ];
  it.each(company)('is refused for a company’s %s, by the check of %s', async (_, name, change) => {
    const file = copyOf((await makeCompanyFile(sealed, 'co_aaaa000001'))!);
    change(file);
    expect(await failedOf(file)).toContain(name);
  });

  const provider: [string, CheckName, (file: ProviderFile) => void][] = [
    [
      'tier price',
      'seals',
      (file) => {
        file.bid.tiers[0]!.priceMicros += 1;
      },
    ],
    [
      'pay',
      'result',
      (file) => {
        file.result.priceMicros! -= 1;
      },
    ],
    [
      'award',
      'result',
      (file) => {
        file.result.awarded = 201;
      },
    ],
  ];
  it.each(provider)('is refused for a provider’s %s, by the check of %s', async (_, name, change) => {
    const file = copyOf((await makeProviderFile(sealed, 'pr_pool000001'))!);
    change(file);
    expect(await failedOf(file)).toContain(name);
  });

  it('shows beside the file of all', async () => {
    const own = copyOf((await makeCompanyFile(published, 'co_aaaa000001'))!);
    own.result.surplusMicros += 1;
    expect(compareFiles([makePseudonymousFile(published)!, own]).outcome).toBe('failed');
  });
});

describe('a file without certificate', () => {
  it('is not proven, and is solved again when asked', async () => {
    const file = { ...copyOf(sealed), certificate: null };
    const outcomeOf = async (options = {}) =>
      (await verifyRound(file, options)).find(({ name }) => name === 'optimality')!.outcome;
    expect(await outcomeOf()).toBe('not possible');
    expect(await outcomeOf({ solver: createMarketSolver() })).toBe('passed');
  });

  it('is refused when solving again finds better awards', async () => {
    const worse = await sealedRound({
      solver: async (problem) => ({
        steps: problem.providers.map((_, j) => (j < 2 ? 0 : null)),
        boundMicros: 0,
        method: 'a solver that takes the first price of two providers',
        certificate: null,
      }),
    });
    const checks = await verifyRound(worse, { solver: createMarketSolver() });
    expect(checks.find(({ name }) => name === 'optimality')).toMatchObject({ outcome: 'failed' });
    expect(isSound(checks)).toBe(false);
  });
});

describe('the public file', () => {
  it('shows no pooled figures, prices or ε of two companies, and of three no lowest or highest price', async () => {
    const two = (await sealedRound({ companies: 2 })).public;
    expect([two.figures, two.prices, two.epsilon]).toEqual([null, null, null]);
    const three = (await sealedRound({ companies: 3 })).public;
    expect(three.figures).not.toBeNull();
    expect(three.prices).toMatchObject({ minMicros: null, maxMicros: null });
  });

  it('names nobody, and its seed is the one whose hash was published', async () => {
    expect(JSON.stringify(sealed.public)).not.toMatch(/co_|pr_/);
    expect(await sha256Hex(sealed.public.seed)).toBe(sealed.public.seedHash);
  });
});

describe('the pseudonymous file', () => {
  it('holds no id and no nonce, and lists everything in an order that tells nothing of ids', () => {
    const file = makePseudonymousFile(published)!;
    const text = JSON.stringify(file);
    for (const { company, nonce } of published.commitments) expect(text).not.toMatch(new RegExp(`${company}|${nonce}`));
    for (const { provider, nonce } of published.bids) expect(text).not.toMatch(new RegExp(`${provider}|${nonce}`));
    for (const names of [
      Object.keys(file.seals),
      file.input.companies.map(({ id }) => id),
      file.input.providers.map(({ id }) => id),
      ...file.input.companies.map((company) => company.eligibleProviders),
    ])
      expect(names).toEqual([...names].sort());
  });

  it('is not made where the terms do not publish it', () => {
    expect(makePseudonymousFile(sealed)).toBeUndefined();
  });
});
