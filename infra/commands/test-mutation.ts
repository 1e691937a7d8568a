/**
 * `npm run test:mutation`: how many small faults in `shared/market` the tests notice; `--of money`, in the pure files of ledger,
 * invoice and amounts (stores need an engine, and their scenarios are too slow for a mutant each). `--part 2/4` runs a quarter of it,
 * of about as many bytes as the others; `--every 5` tries one fault in five, the same ones each time; each run ends after `--minutes`
 * at most. What follows `--` goes to Stryker.
 * Shows every part's result that was left in `.parley/mutation/`, and fails where all of them together miss the threshold.
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { isDrawn } from '../../tests/mutation/sample.ts';

/** What is mutated: the market by which prices are made, or the money that is posted for it. */
const TARGETS = {
  market: { config: 'tests/mutation/stryker.json', reports: '.parley/mutation' },
  money: { config: 'tests/mutation/money.json', reports: '.parley/mutation-money' },
} as const;
const STOPPED = 124;

const Config = z.looseObject({
  mutate: z.array(z.string()),
  plugins: z.array(z.string()),
  thresholds: z.looseObject({ break: z.number() }),
});
const Place = z.object({ line: z.number(), column: z.number() });
const Mutant = z.object({
  status: z.string(),
  statusReason: z.string().optional(),
  mutatorName: z.string(),
  replacement: z.string().optional(),
  location: z.object({ start: Place, end: Place }),
});
type Mutant = z.infer<typeof Mutant>;
const Report = z.object({ files: z.record(z.string(), z.object({ mutants: z.array(Mutant) })) });
type Counts = { killed: number; endless: number; slow: number; survived: number; unreached: number };

const { values, positionals } = parseArgs({
  options: {
    of: { type: 'string', default: 'market' },
    part: { type: 'string', default: '1/1' },
    every: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '240' },
  },
  allowPositionals: true,
});
const EVERY = Number(values.every);
const { config: CONFIG, reports: REPORTS } = TARGETS[values.of === 'money' ? 'money' : 'market'];
process.exitCode = await main();

/** Answers the exit code. */
async function main(): Promise<number> {
  if (!Object.hasOwn(TARGETS, values.of)) {
    console.error(`Say what to mutate: ${Object.keys(TARGETS).join(' or ')}.`);
    return 2;
  }
  const [part, parts] = values.part.split('/').map(Number);
  const minutes = Number(values.minutes);
  if (!(Number.isInteger(EVERY) && EVERY >= 1)) {
    console.error('Say every how many-th fault to try, as a whole number from 1 on.');
    return 2;
  }
  if (!(Number.isInteger(part) && Number.isInteger(parts) && part! >= 1 && part! <= parts! && minutes > 0)) {
    console.error('Say a part as 1/4, and minutes as a number above 0.');
    return 2;
  }
  const config = Config.parse(JSON.parse(readFileSync(CONFIG, 'utf8')));
  mkdirSync(REPORTS, { recursive: true });
  for (const file of readdirSync(REPORTS)) if (!file.includes(`-of-${parts}-by-${EVERY}.`)) rmSync(join(REPORTS, file));
  const name = join(REPORTS, nameOf(part!, parts!));
  rmSync(`${name}.json`, { force: true });
  // The threshold is for all parts together.
  const own = {
    ...config,
    mutate: partOf(config.mutate, part!, parts!),
    thresholds: { ...config.thresholds, break: null },
    ...(EVERY > 1 && { checkers: ['sample'], plugins: [...config.plugins, './tests/mutation/sample.ts'] }),
  };
  writeFileSync(`${name}.config.json`, JSON.stringify({ ...own, jsonReporter: { fileName: `${name}.json` } }));
  const code = await runStryker([`${name}.config.json`, ...positionals], minutes * 60_000);
  if (code !== 0) return code;
  return showScores(parts!, config.thresholds.break);
}

/** The name of a part's report and configuration: parts of one division and sample are added up. */
function nameOf(part: number, parts: number): string {
  return `${part}-of-${parts}-by-${EVERY}`;
}

/** The files of one part: the largest first, each to the part that has least so far. */
function partOf(patterns: readonly string[], part: number, parts: number): string[] {
  const kept = patterns.filter((pattern) => !pattern.startsWith('!'));
  const left = new Set(
    patterns.filter((pattern) => pattern.startsWith('!')).flatMap((each) => globSync(each.slice(1))),
  );
  const sizes = globSync(kept)
    .filter((file) => !left.has(file))
    .map((file) => ({ file, size: statSync(file).size }))
    .sort((a, b) => b.size - a.size || (a.file < b.file ? -1 : 1));
  const shares = Array.from({ length: parts }, () => ({ size: 0, files: [] as string[] }));
  for (const { file, size } of sizes) {
    const least = shares.reduce((a, b) => (b.size < a.size ? b : a));
    least.size += size;
    least.files.push(file);
  }
  return shares[part - 1]!.files;
}

async function runStryker(words: readonly string[], timeoutMs: number): Promise<number> {
  return new Promise((done, fail) => {
    const stryker = spawn('node_modules/.bin/stryker', ['run', ...words], {
      stdio: 'inherit',
      detached: true,
      env: { ...process.env, MUTATION_SAMPLE: String(EVERY) },
    });
    const stop = () => process.kill(-stryker.pid!, 'SIGTERM');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
    let isLate = false;
    const timer = setTimeout(() => {
      console.error(`Not done within ${timeoutMs / 60_000} minutes: run it in more parts, or give it more.`);
      isLate = true;
      stop();
    }, timeoutMs);
    stryker.once('error', fail);
    stryker.once('exit', (code) => {
      clearTimeout(timer);
      done(isLate ? STOPPED : (code ?? 1));
    });
  });
}

function showScores(parts: number, threshold: number): number {
  const total: Counts = { killed: 0, endless: 0, slow: 0, survived: 0, unreached: 0 };
  const done = Array.from({ length: parts }, (_, k) => join(REPORTS, `${nameOf(k + 1, parts)}.json`)).filter(
    existsSync,
  );
  for (const report of done)
    for (const [file, { mutants }] of Object.entries(Report.parse(JSON.parse(readFileSync(report, 'utf8'))).files)) {
      const counts = countOf(mutants.filter((mutant) => isDrawn(file, mutant, EVERY)));
      console.log(lineOf(file, counts));
      for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
    }
  console.log(lineOf(`${done.length} of ${parts} parts${EVERY > 1 ? `, one fault in ${EVERY}` : ''}`, total));
  return done.length < parts || scoreOf(total) >= threshold ? 0 : 1;
}

/** Faults noticed by a test, by a loop that does not end (so often gone through), by time; those not noticed, and not reached. */
function countOf(mutants: readonly Mutant[]): Counts {
  const of = (status: string) => mutants.filter((mutant) => mutant.status === status);
  const endless = of('Timeout').filter(({ statusReason }) => statusReason?.startsWith('Hit limit') === true).length;
  return {
    killed: of('Killed').length,
    endless,
    slow: of('Timeout').length - endless,
    survived: of('Survived').length,
    unreached: of('NoCoverage').length,
  };
}

function scoreOf({ killed, endless, slow, survived, unreached }: Counts): number {
  const noticed = killed + endless + slow;
  return (100 * noticed) / Math.max(1, noticed + survived + unreached);
}

function lineOf(name: string, counts: Counts): string {
  const { killed, endless, slow, survived, unreached } = counts;
  const ends = `${endless} endless, ${slow} by time`;
  return `${name}: ${scoreOf(counts).toFixed(1)} % (${killed} failed a test, ${ends}, ${survived} survived, ${unreached} not reached)`;
}
