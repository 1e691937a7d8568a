/**
 * `npm run test:mutation`: how many small faults in `shared/market` the tests notice; `--of money`, in the pure files of ledger,
 * invoice and amounts (stores need an engine, and their scenarios are too slow for a mutant each). `--in solver` takes the
 * files of that in their path, `--every 5` one fault in five, the same ones each time. What follows `--` goes to Stryker.
 * What is found is kept in `.parley/mutation/`, file by file: a run that is cut short, by hand or after `--minutes`, goes on where it
 * was, and a file that has changed is tried again. `--missed` tries again what no test has noticed so far, once there are new tests;
 * `--again` begins anew. Faults of the market are tried against the tests of their own folder, and what those let live against all.
 * Shows what it has of each file, and fails where all together miss the threshold.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { isDrawn, keyOf } from '../../tests/mutation/sample.ts';

/** What is mutated: the market by which prices are made, or the money that is posted for it; and which tests come first. */
const TARGETS = {
  market: { config: 'tests/mutation/stryker.json', reports: '.parley/mutation', isNearFirst: true },
  money: { config: 'tests/mutation/money.json', reports: '.parley/mutation-money', isNearFirst: false },
} as const;
const STOPPED = 124;
/** Starting and trying the tests without a fault takes a minute: files of about so many bytes that are tried go together. */
const BATCH_BYTES = 40_000;

const Config = z.looseObject({
  mutate: z.array(z.string()),
  plugins: z.array(z.string()),
  thresholds: z.looseObject({ break: z.number() }),
});
type Config = z.infer<typeof Config>;
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
/** What is kept of a file: of which content, and whether what nearby tests let live was tried against all. */
const Kept = z.object({ content: z.string(), isTriedByAll: z.boolean(), mutants: z.array(Mutant) });
type Kept = z.infer<typeof Kept>;
type Counts = { killed: number; endless: number; slow: number; survived: number; unreached: number };

const { values, positionals } = parseArgs({
  options: {
    of: { type: 'string', default: 'market' },
    every: { type: 'string', default: '1' },
    in: { type: 'string', default: '' },
    minutes: { type: 'string', default: '240' },
    missed: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const EVERY = Number(values.every);
const { config: CONFIG, reports: REPORTS, isNearFirst } = TARGETS[values.of === 'money' ? 'money' : 'market'];
const FOLDER = join(REPORTS, `by-${EVERY}`);
process.exitCode = await main();

/** Answers the exit code. */
async function main(): Promise<number> {
  if (!Object.hasOwn(TARGETS, values.of)) {
    console.error(`Say what to mutate: ${Object.keys(TARGETS).join(' or ')}.`);
    return 2;
  }
  if (!(Number.isInteger(EVERY) && EVERY >= 1 && Number(values.minutes) > 0)) {
    console.error('Say every how many-th fault to try as a whole number from 1 on, and minutes as a number above 0.');
    return 2;
  }
  const config = Config.parse(JSON.parse(readFileSync(CONFIG, 'utf8')));
  const files = filesOf(config.mutate).filter((file) => file.includes(values.in));
  if (values.again) rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  if (values.missed) for (const [file, kept] of keptOf(files)) keep(file, { ...kept, isTriedByAll: false });
  const end = Date.now() + Number(values.minutes) * 60_000;
  for (const batch of batchesOf(files.filter((file) => read(file)?.isTriedByAll !== true))) {
    const code = await tryBatch(config, batch, end);
    if (code === 0) continue;
    showScores(files, config.thresholds.break);
    return code;
  }
  return showScores(files, config.thresholds.break);
}

/** First every fault of files that nothing is kept of, then what was missed. */
async function tryBatch(config: Config, batch: readonly string[], end: number): Promise<number> {
  const fresh = batch.filter((file) => read(file) === undefined);
  if (fresh.length > 0) {
    const contents = new Map(fresh.map((file) => [file, contentOf(file)]));
    const code = await runStryker(config, fresh, end, isNearFirst ? { near: dirname(fresh[0]!) } : {});
    if (code !== 0) return code;
    const found = new Map(reported());
    for (const [file, content] of contents)
      keep(file, { content, isTriedByAll: false, mutants: found.get(file) ?? [] });
  }
  const others = isNearFirst ? batch : batch.filter((file) => !fresh.includes(file));
  const missed = keptOf(others).flatMap(([file, { mutants }]) =>
    mutants.filter(isMissed).map((mutant) => keyOf(file, mutant)),
  );
  if (missed.length > 0) {
    const code = await runStryker(config, others, end, { only: missed });
    if (code !== 0) return code;
    // What ends with the tests nearby is no loop without an end: that all tests took too long says nothing.
    const noticed = new Map(
      reported().flatMap(([file, mutants]) =>
        mutants
          .filter((mutant) => !isMissed(mutant) && !isSlow(mutant))
          .map((mutant) => [keyOf(file, mutant), mutant] as const),
      ),
    );
    for (const [file, kept] of keptOf(others)) {
      const mutants = kept.mutants.map((mutant) => noticed.get(keyOf(file, mutant)) ?? mutant);
      keep(file, { ...kept, mutants });
    }
  }
  for (const [file, kept] of keptOf(batch)) keep(file, { ...kept, isTriedByAll: true });
  return 0;
}

function isMissed({ status }: Mutant): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

/** Whether it was stopped by time alone, where nothing counted how often a loop is gone through. */
function isSlow({ status, statusReason }: Mutant): boolean {
  return status === 'Timeout' && statusReason?.startsWith('Hit limit') !== true;
}

/** Tries faults of files: all or those named, against all tests or those of a folder. Answers the exit code. */
async function runStryker(
  config: Config,
  mutate: readonly string[],
  end: number,
  { near, only }: { near?: string; only?: readonly string[] },
): Promise<number> {
  console.log(`${only === undefined ? 'Faults' : `${only.length} faults missed so far`} in ${mutate.join(', ')}`);
  // The threshold is for all files together.
  const own = {
    ...config,
    mutate,
    thresholds: { ...config.thresholds, break: null },
    checkers: ['chosen'],
    plugins: [...config.plugins, './tests/mutation/sample.ts'],
    jsonReporter: { fileName: join(FOLDER, 'report.json') },
  };
  rmSync(join(FOLDER, 'report.json'), { force: true });
  writeFileSync(join(FOLDER, 'config.json'), JSON.stringify(own));
  writeFileSync(join(FOLDER, 'only.json'), JSON.stringify(only ?? []));
  return new Promise((done, fail) => {
    const stryker = spawn('node_modules/.bin/stryker', ['run', join(FOLDER, 'config.json'), ...positionals], {
      stdio: 'inherit',
      detached: true,
      env: {
        ...process.env,
        MUTATION_SAMPLE: String(EVERY),
        ...(near !== undefined && { MUTATION_TESTS: `${near}/*.test.ts` }),
        ...(only !== undefined && { MUTATION_ONLY: join(process.cwd(), FOLDER, 'only.json') }),
      },
    });
    const stop = () => process.kill(-stryker.pid!, 'SIGTERM');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
    let isLate = false;
    const timer = setTimeout(() => {
      console.error(`Not done within ${values.minutes} minutes: the same command goes on from here.`);
      isLate = true;
      stop();
    }, end - Date.now());
    stryker.once('error', fail);
    stryker.once('exit', (code) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeListener(signal, stop);
      done(isLate ? STOPPED : (code ?? 1));
    });
  });
}

/** What the last run reported of the faults that it tried. */
function reported(): [file: string, mutants: Mutant[]][] {
  const { files } = Report.parse(JSON.parse(readFileSync(join(FOLDER, 'report.json'), 'utf8')));
  return Object.entries(files).map(([file, { mutants }]) => [
    file,
    mutants.filter((mutant) => mutant.status !== 'CompileError' && isDrawn(file, mutant, EVERY)),
  ]);
}

function filesOf(patterns: readonly string[]): string[] {
  const left = new Set(
    patterns.filter((pattern) => pattern.startsWith('!')).flatMap((each) => globSync(each.slice(1))),
  );
  return globSync(patterns.filter((pattern) => !pattern.startsWith('!')))
    .filter((file) => !left.has(file))
    .toSorted((a, b) => (`${dirname(a)} ${a}` < `${dirname(b)} ${b}` ? -1 : 1));
}

/** Files of one folder each, one after the other until there is enough for a run. */
function batchesOf(files: readonly string[]): string[][] {
  const batches: string[][] = [];
  let bytes = 0;
  for (const file of files) {
    const { size } = statSync(file);
    const batch = batches.at(-1);
    if (batch === undefined || dirname(batch[0]!) !== dirname(file) || bytes + size > BATCH_BYTES * EVERY) {
      batches.push([file]);
      bytes = size;
    } else {
      batch.push(file);
      bytes += size;
    }
  }
  return batches;
}

function nameOf(file: string): string {
  return join(FOLDER, `${file.replaceAll('/', '+')}.json`);
}

function contentOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** What is kept of a file as it is now. */
function read(file: string): Kept | undefined {
  if (!existsSync(nameOf(file))) return undefined;
  const kept = Kept.parse(JSON.parse(readFileSync(nameOf(file), 'utf8')));
  return kept.content === contentOf(file) ? kept : undefined;
}

function keptOf(files: readonly string[]): [file: string, kept: Kept][] {
  return files.flatMap((file) => {
    const kept = read(file);
    return kept === undefined ? [] : [[file, kept] as [string, Kept]];
  });
}

function keep(file: string, kept: Kept): void {
  writeFileSync(nameOf(file), JSON.stringify(kept));
}

function showScores(files: readonly string[], threshold: number): number {
  const total: Counts = { killed: 0, endless: 0, slow: 0, survived: 0, unreached: 0 };
  const all = keptOf(files);
  for (const [file, { mutants, isTriedByAll }] of all) {
    const counts = countOf(mutants);
    console.log(lineOf(isTriedByAll ? file : `${file}, by the tests of its folder`, counts));
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
  }
  const sample = EVERY > 1 ? `, one fault in ${EVERY} (± ${marginOf(total).toFixed(1)} in 95 samples of 100)` : '';
  console.log(lineOf(`${all.length} of ${files.length} files${sample}`, total));
  return all.length < files.length || scoreOf(total) >= threshold ? 0 : 1;
}

/** Faults noticed by a test, by a loop that does not end (so often gone through), by time; those not noticed, and not reached. */
function countOf(mutants: readonly Mutant[]): Counts {
  const of = (status: string) => mutants.filter((mutant) => mutant.status === status);
  const slow = mutants.filter(isSlow).length;
  return {
    killed: of('Killed').length,
    endless: of('Timeout').length - slow,
    slow,
    survived: of('Survived').length,
    unreached: of('NoCoverage').length,
  };
}

function scoreOf({ killed, endless, slow, survived, unreached }: Counts): number {
  const noticed = killed + endless + slow;
  return (100 * noticed) / Math.max(1, noticed + survived + unreached);
}

/** In 95 samples of 100, the score is no further than this from that of all faults: by the normal approximation. */
function marginOf(counts: Counts): number {
  const tried = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const score = scoreOf(counts);
  return 1.96 * Math.sqrt((score * (100 - score)) / Math.max(1, tried));
}

function lineOf(name: string, counts: Counts): string {
  const { killed, endless, slow, survived, unreached } = counts;
  const ends = `${endless} endless, ${slow} by time`;
  return `${name}: ${scoreOf(counts).toFixed(1)} % (${killed} failed a test, ${ends}, ${survived} survived, ${unreached} not reached)`;
}
