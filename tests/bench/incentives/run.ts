/** `npm run bench:incentives`: what one bidder gains by lying, with full knowledge, on seeded markets. */

import { createContender } from '../market/contender.ts';
import { createInstance, type Size } from '../market/instances.ts';
import { COMMON_HELP, progress, readArguments, wholeNumber } from '../support/arguments.ts';
import { describeMachine, machineLine } from '../support/machine.ts';
import { round } from '../support/stats.ts';
import { renderTable } from '../support/table.ts';
import { type Figures, figuresOf, type Gains, KINDS, type Kind, measureMarket } from './measure.ts';
import { KNOWN_WAYS, PUBLISHED } from './published.ts';

const USAGE = `Measures what one company or one provider gains by lying, knowing what everybody else says.

  npm run bench:incentives -- [options]

  --markets N      markets of each family and size (default 150 small and 50 larger; --quick 20 and 6)
${COMMON_HELP}`;

const SIZES: readonly Size[] = [
  { providers: 6, companies: 3 },
  { providers: 10, companies: 15 },
];
const FAMILIES = ['wide', 'near'] as const;

type Group = { readonly market: string; readonly markets: number; readonly figures: Readonly<Record<Kind, Figures>> };

const args = readArguments(USAGE, ['markets']);
const solver = createContender();
const groups: Group[] = [];
for (const size of SIZES) for (const family of FAMILIES) groups.push(await measureGroup(family, size));
progress('');
process.stdout.write(args.json ? `${JSON.stringify(reportOf(groups), null, 2)}\n` : `${renderReport(groups)}\n`);

async function measureGroup(family: (typeof FAMILIES)[number], size: Size): Promise<Group> {
  const [few, many] = args.quick ? [6, 20] : [50, 150];
  const planned = size.companies <= 3 ? many : few;
  const markets = args.extra.markets === undefined ? planned : wholeNumber('markets', args.extra.markets);
  const market = `${family} ${size.providers} × ${size.companies}`;
  const all: Gains[] = [];
  for (let index = 0; index < markets; index += 1) {
    progress(`${market}: ${index + 1} of ${markets}`);
    all.push(await measureMarket(createInstance(family, size, args.seed, index), index, solver));
  }
  const figures = Object.fromEntries(KINDS.map((kind) => [kind, figuresOf(all.map((gains) => gains[kind]))]));
  return { market, markets, figures: figures as Record<Kind, Figures> };
}

function reportOf(measured: readonly Group[]) {
  return { machine: describeMachine(), seed: args.seed, groups: measured, published: PUBLISHED, knownWays: KNOWN_WAYS };
}

function renderReport(measured: readonly Group[]): string {
  const rows = KINDS.flatMap((kind) =>
    measured.map(({ market, markets, figures }) => {
      const { median, p90, max, share } = figures[kind];
      const published = PUBLISHED[`${market}|${kind}`] ?? '';
      return [
        kind,
        market,
        String(markets),
        `${round(median)} / ${round(p90)} / ${round(max)}`,
        `${round(share)} %`,
        published,
      ];
    }),
  );
  return [
    machineLine(describeMachine()),
    `Seed ${args.seed}; one company and one provider of each market lie in turn, each with the best of a grid of lies, knowing all other bids.`,
    'Gain in % of cost (a company: its volume at the average price; a provider: serving its volume, at 90 % of its truthful bid).',
    'gaining: markets in which the best lie gains 0.01 % or more. Published: the design’s own trials, other seeds, another implementation.',
    '',
    renderTable(['lie', 'market', 'n', 'median / p90 / max', 'gaining', 'published'], rows),
    '',
    'Known, and not ruled out by the price rule:',
    ...KNOWN_WAYS.map((way) => `- ${way}`),
  ].join('\n');
}
