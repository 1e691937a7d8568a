/** `npm run bench:market`: our solver against others on the same winner determinations, in one run. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMON_HELP, progress, readArguments, wholeNumber } from '../support/arguments.ts';
import { describeMachine } from '../support/machine.ts';
import { type CellPlan, planCells, runCells } from './cells.ts';
import { createContender } from './contender.ts';
import { readPuzzle } from './contest.ts';
import { createInstance } from './instances.ts';
import { OPPONENTS } from './opponents.ts';
import { drawPlot } from './plot.ts';
import { type MarketReport, renderReport } from './report.ts';
import { measureThroughput } from './throughput.ts';

const USAGE = `Measures the clearing's solver against others on the same winner determinations.

  npm run bench:market -- [options]

${COMMON_HELP}  --family F       only this family: tight, wide, near, all-or-nothing, partial, exact-cover, queues
  --size PxC       only this size, providers × companies
  --instances N    so many instances of every family and size
  --opponents a,b  only these of ${OPPONENTS.join(', ')}; none for ours alone
  --plot FILE      where the plot of a full run goes (default: beside this bench)
`;

const args = readArguments(USAGE, ['family', 'size', 'instances', 'opponents', 'plot']);
const { family, size, instances, plot } = args.extra;
const wanted = args.extra.opponents?.split(',');
const opponents = OPPONENTS.filter((name) => wanted === undefined || wanted.includes(name));
const isWhole = family === undefined && size === undefined && instances === undefined && wanted === undefined;

const cells = await runCells(choosePlans(), args.seed, opponents, progress);
const throughput = isWhole ? await measureThroughput(args.seed, args.quick, progress) : null;
progress('');
const report: MarketReport = {
  machine: describeMachine(),
  seed: args.seed,
  quick: args.quick,
  method: await contenderName(),
  cells,
  throughput,
};
process.stdout.write(args.json ? `${JSON.stringify(report, null, 2)}\n` : `${renderReport(report)}\n`);
if (plot !== undefined || (isWhole && !args.quick)) {
  const file = plot ?? fileURLToPath(new URL('bench-market.svg', import.meta.url));
  writeFileSync(file, drawPlot(report));
  process.stderr.write(`Plot: ${file}\n`);
}

function choosePlans(): CellPlan[] {
  const plans = planCells(args.quick).filter((plan) => family === undefined || plan.family === family);
  const sized = size === undefined ? plans : atSize(plans, size);
  if (sized.length === 0) throw new Error(`nothing to run: --family ${family ?? 'any'} --size ${size ?? 'any'}`);
  return instances === undefined
    ? sized
    : sized.map((plan) => ({ ...plan, instances: wholeNumber('instances', instances) }));
}

/** Any size may be asked for, also one that is in no plan. */
function atSize(plans: readonly CellPlan[], text: string): CellPlan[] {
  const [providers = 0, companies = 0] = text.split('x').map((part) => wholeNumber('size', part));
  const families = new Set(plans.filter((plan) => plan.size !== null).map((plan) => plan.family));
  return [...families].map((each) => ({ family: each, size: { providers, companies }, instances: 5 }));
}

async function contenderName(): Promise<string> {
  const { problem } = await readPuzzle(createInstance('wide', { providers: 5, companies: 3 }, args.seed, 0));
  return (await createContender()(problem)).method;
}
