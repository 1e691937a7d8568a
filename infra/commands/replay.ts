/**
 * `npm run replay`: replays requests of many companies as pooled demand. It starts a market of its own on a free port,
 * acts on it through the public API only, prints a report, and stops it again.
 */
import { existsSync } from 'node:fs';
import { CallRefused } from '../local/actors/calls.ts';
import { NoTestClock } from '../local/actors/market-time.ts';
import type { ReplayReport } from '../local/actors/report.ts';
import { renderReport } from '../local/actors/report-text.ts';
import { CannotStart } from '../local/cannot-start.ts';
import { isRealStripe } from '../local/local-stripe.ts';
import { forkMarket } from '../local/market-process.ts';
import { type ReplayArguments, readArguments, USAGE } from './replay/arguments.ts';
import { differenceTo, keepParameters, type Parameters, parametersOf } from './replay/parameters.ts';
import { type Input, readInput, runReplay } from './replay/run.ts';

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Answers the exit code: 0 when all adds up, 1 when not, 2 for a mistake in the call, 130 when interrupted. */
async function main(words: readonly string[]): Promise<number> {
  const args = readArguments(words);
  if (!args.ok) return fail(args.detail, 2);
  if (args.value.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (args.value.api === null && isRealStripe())
    return fail(
      'STRIPE_SECRET_KEY is set: a replay moves the market clock, and Stripe knows real time only. Unset it.',
      2,
    );
  const input = await readInput(args.value);
  if (!input.ok) return fail(input.detail, 2);
  tell(input.value);
  if (input.value.arrivals.length === 0) return fail('There is nothing to replay.', 2);
  return args.value.api === null
    ? onOwnMarket(args.value, input.value)
    : replayOn(args.value.api, args.value, input.value);
}

function fail(text: string, code: number): number {
  say(text);
  return code;
}

function tell({ source, arrivals, rows, problems, problemCount }: Input): void {
  say(`${source}: ${arrivals.length} requests from ${rows} rows`);
  for (const { line, reason } of problems) say(`  line ${line} is left out: ${reason}`);
  if (problemCount > problems.length) say(`  and ${problemCount - problems.length} more`);
}

async function onOwnMarket(args: ReplayArguments, input: Input): Promise<number> {
  const parameters: Parameters = await parametersOf(args);
  const difference = args.fresh ? null : differenceTo(args.data, parameters);
  if (difference !== null) return fail(difference, 2);
  const isNew = args.fresh || !existsSync(args.data);
  say(isNew ? `A new market in ${args.data}` : `The market in ${args.data} goes on`);
  const market = await forkMarket({ dataFolder: args.data, fresh: args.fresh });
  try {
    keepParameters(args.data, parameters);
    return await replayOn(market.baseUrl, args, input);
  } finally {
    await market.stop();
  }
}

async function replayOn(baseUrl: string, args: ReplayArguments, input: Input): Promise<number> {
  let interrupts = 0;
  const onSignal = () => {
    interrupts += 1;
    if (interrupts === 1) say('\nStopping after what is under way …');
    // Once more, and it ends at once: nothing is lost by that, and its market ends with it.
    else process.exit(130);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const report = await runReplay({ baseUrl, args, input, shouldStop: () => interrupts > 0 });
    if (report === null) {
      say('Interrupted. The same command without --fresh goes on from here.');
      return 130;
    }
    print(report, args);
    return report.faults.length === 0 ? 0 : 1;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function print(report: ReplayReport, args: ReplayArguments): void {
  const opensWith = args.api === null ? `See it: npm start -- --data ${args.data}` : `See it: ${args.api}`;
  const width = (args.json ? process.stderr.columns : process.stdout.columns) ?? 120;
  const text = renderReport(report, width, opensWith);
  if (args.json) {
    say(`\n${text}`);
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else process.stdout.write(`\n${text}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof CannotStart || error instanceof NoTestClock) process.exitCode = fail(error.message, 2);
  else if (error instanceof CallRefused)
    process.exitCode = fail(`${error.message}\nThe same command without --fresh goes on from here.`, 1);
  else throw error;
}
