/**
 * `npm run measure:imports`: how long a fresh Node process takes to import each function's bundle, which is what a cold start adds to
 * Lambda's own, and how large the bundle is. Exits with 1 where one takes more than 200 ms of a processor at the median, or is larger
 * than 750 KB: importing is work and no waiting, so on a busy machine the time of the processor is the one that says something.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { bundle } from '../stacks/bundle.ts';
import { type FunctionName, functions } from '../topology.ts';

const MOST_MS = 200;
const MOST_BYTES = 750_000;
const HELP = `npm run measure:imports -- [--runs N]

  --runs N   fresh processes for each function (default 7)
  --help     this text`;
const run = promisify(execFile);

async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: { runs: { type: 'string', default: '7' }, help: { type: 'boolean', default: false } },
  });
  const runs = Number(values.runs);
  if (values.help || !Number.isInteger(runs) || runs < 1) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'parley-imports-'));
  try {
    const names = Object.keys(functions) as FunctionName[];
    const files = Object.fromEntries(names.map((name) => [name, functions[name].file])) as Record<FunctionName, string>;
    const bundles = bundle(files, join(folder, 'bundles'));
    console.log('function             processor   by the clock       size');
    let tooMuch = 0;
    for (const name of names) {
      const imports = await timesOf(bundles[name].folder, folder, runs);
      const [processor, clock] = [medianOf(imports.map(([own]) => own)), medianOf(imports.map(([, all]) => all))];
      const isTooMuch = processor > MOST_MS || bundles[name].bytes > MOST_BYTES;
      if (isTooMuch) tooMuch += 1;
      const size = Math.round(bundles[name].bytes / 1_000);
      const figures = [`${processor.toFixed(0)} ms`, `${clock.toFixed(0)} ms`, `${size} KB`];
      console.log(
        `${name.padEnd(18)}${figures.map((one) => one.padStart(12)).join('')}${isTooMuch ? '  too much' : ''}`,
      );
    }
    console.log(
      `at most ${MOST_MS} ms and ${MOST_BYTES / 1_000} KB each, Node ${process.version}, ${runs} processes a function`,
    );
    return tooMuch === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Imports in fresh processes without environment or packages: time of the processor and by the clock, in milliseconds. */
async function timesOf(bundleFolder: string, cwd: string, runs: number): Promise<[number, number][]> {
  const url = pathToFileURL(join(bundleFolder, 'index.mjs')).href;
  const program = `
    const [at, used] = [performance.now(), process.cpuUsage()];
    await import(${JSON.stringify(url)});
    const { user, system } = process.cpuUsage(used);
    console.log(JSON.stringify([(user + system) / 1000, performance.now() - at]));`;
  const times: [number, number][] = [];
  for (let i = 0; i < runs; i++) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd, env: {} });
    times.push(JSON.parse(stdout) as [number, number]);
  }
  return times;
}

const medianOf = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 2;
});
