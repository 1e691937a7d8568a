/**
 * `npm run bench:billing`: charges rated and posted beside the bare engine; the close of a month of thousands of companies
 * through the code that production runs, with its memory and its calls to Stripe; and, on paper, how long Stripe's limits
 * make it. What must hold whatever the speed is checked, and a failure ends with 1.
 */
import { loadavg } from 'node:os';
import { tableClient } from '../../../infra/local/tables.ts';
import { type TableConfig, Tables } from '../../../shared/kernel/table.ts';
import { startTestTables } from '../../support/engine.ts';
import { COMMON_HELP, readArguments, wholeNumber } from '../support/arguments.ts';
import { describeMachine } from '../support/machine.ts';
import { type Closing, measureClose } from './closing.ts';
import { onPaper } from './paper.ts';
import { measurePosting } from './posting.ts';
import { printReport } from './print.ts';

const USAGE = `npm run bench:billing -- [options]
  --companies N    companies that are closed (default 5000, with --quick 50)
  --charges N      their charges in all; a tenth of them beside it (default 200000, with --quick 2000)
  --posted N       charges rated and posted one by one (default 20000, with --quick 2000)
${COMMON_HELP}`;
/** What the design promises: charges at half the engine's bare speed for as many writes, and calls to Stripe for an invoice. */
const LEAST_RATIO = 0.5;
const MOST_CALLS = 7;
const MOST_PAYOUT_CALLS = 2;
/** Ten times the charges may not hold so many times the memory; how far the process grows before it collects is its own affair. */
const MOST_GROWTH = 1.5;
const ON_PAPER = [5_000, 100_000];

const { seed, quick, json, extra } = readArguments(USAGE, ['companies', 'charges', 'posted']);
const companies = wholeNumber('companies', extra.companies ?? (quick ? '50' : '5000'));
const charges = wholeNumber('charges', extra.charges ?? (quick ? '2000' : '200000'));
const posted = wholeNumber('posted', extra.posted ?? (quick ? '2000' : '20000'));

export type Report = Awaited<ReturnType<typeof measure>>;
const report = await measure();
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printReport(report);
for (const failure of report.failures) process.stderr.write(`${failure}\n`);
process.exitCode = report.failures.length === 0 ? 0 : 1;

async function measure() {
  const load = [loadavg()[0]!];
  const posting = await measurePostingAlone();
  const small = await measureClose({ companies, charges: Math.max(companies, Math.round(charges / 10)), seed }, false);
  const large = await measureClose({ companies, charges, seed }, true);
  load.push(loadavg()[0]!);
  const calls = callsOf(large);
  const growth = {
    live: rounded(large.report.liveMb / small.report.liveMb),
    resident: rounded(large.report.peakMb / small.report.peakMb),
  };
  const failures = [...large.checked.failures, ...small.checked.failures];
  for (const { ratio } of [posting.bare, posting.listed])
    if (ratio < LEAST_RATIO)
      failures.push(
        `charges are posted at ${ratio} of the engine's bare speed for as many writes, less than ${LEAST_RATIO}`,
      );
  if (large.mostCalls > MOST_CALLS)
    failures.push(`an invoice took ${large.mostCalls} calls to Stripe, more than ${MOST_CALLS}`);
  if (calls.ofPayouts.perPayout > MOST_PAYOUT_CALLS)
    failures.push(`a payout took ${calls.ofPayouts.perPayout} calls to Stripe, more than ${MOST_PAYOUT_CALLS}`);
  if (growth.live > MOST_GROWTH) failures.push(`ten times the charges hold ${growth.live} times the memory`);
  return {
    bench: 'billing',
    seed,
    machine: describeMachine(),
    load: load.map((value) => rounded(value, 1)),
    posting,
    closes: [large, small].map(summaryOf),
    memoryGrowth: growth,
    calls,
    paper: onPaper(large.calls, companies, ON_PAPER),
    failures,
  };
}

async function measurePostingAlone() {
  const engine = await startTestTables({ bundled: true });
  const connection = tableClient(engine.endpoint, { signs: false });
  try {
    const tables = new Tables({ ...(engine.tables.owner as TableConfig), client: connection.client });
    return await measurePosting(tables, posted, seed);
  } finally {
    connection.close();
    await engine.stop();
  }
}

function summaryOf({ companies, charges, report, checked }: Closing) {
  const seconds = report.phases.reduce((sum, phase) => sum + phase.seconds, 0);
  const { failures: _failures, ...sums } = checked;
  return {
    companies,
    charges,
    ...sums,
    seconds: rounded(seconds),
    processorSeconds: rounded(report.phases.reduce((sum, phase) => sum + phase.processorSeconds, 0)),
    invoicesPerSecond: rounded(checked.invoices / seconds, 1),
    beginMb: Math.round(report.beginMb),
    peakMb: Math.round(report.peakMb),
    liveMb: Math.round(report.liveMb),
    trialBalance: {
      entries: report.balance.entries,
      addedUpSeconds: rounded(report.phases.find(({ name }) => name === 'balances')?.seconds ?? 0),
      readSeconds: rounded(report.balance.seconds),
    },
    phases: report.phases.map((phase) => ({
      name: phase.name,
      seconds: rounded(phase.seconds),
      processorSeconds: rounded(phase.processorSeconds),
      peakMb: Math.round(phase.peakMb),
    })),
    table: {
      calls: report.consumed.calls,
      writeUnits: Math.round(report.consumed.writeUnits),
      readUnits: Math.round(report.consumed.readUnits),
    },
  };
}

/** Calls to Stripe by kind for one invoice, apart from those made once for all, and from what its webhooks lead to. */
function callsOf({ calls, mostCalls, eventCalls, checked: { invoices }, events, payouts }: Closing) {
  const isOnce = (endpoint: string) => endpoint.includes('/v1/products');
  const own = [...calls].filter(([endpoint]) => !isOnce(endpoint));
  const { events: told, worked, seconds } = events ?? { events: 0, worked: 0, seconds: 0 };
  return {
    perInvoice: rounded(own.reduce((sum, [, count]) => sum + count, 0) / invoices),
    mostForOne: mostCalls,
    byKind: own.map(([endpoint, count]) => ({ endpoint, perInvoice: rounded(count / invoices) })),
    onceForAll: [...calls].filter(([endpoint]) => isOnce(endpoint)).map(([endpoint, count]) => ({ endpoint, count })),
    ofWebhooks: {
      events: told,
      perInvoice: rounded(told / invoices),
      worked,
      seconds: rounded(seconds),
      byKind: [...eventCalls].map(([endpoint, count]) => ({ endpoint, perEvent: rounded(count / worked) })),
    },
    ofPayouts: payoutCalls(payouts),
  };
}

function payoutCalls(payouts: Closing['payouts']) {
  const { payouts: count, seconds, calls } = payouts ?? { payouts: 0, seconds: 0, calls: new Map<string, number>() };
  return {
    payouts: count,
    seconds: rounded(seconds),
    perPayout: rounded([...calls.values()].reduce((sum, some) => sum + some, 0) / count),
    byKind: [...calls].map(([endpoint, some]) => ({ endpoint, perPayout: rounded(some / count) })),
  };
}

function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
