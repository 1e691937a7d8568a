/** The report as text. */
import { progress } from '../support/arguments.ts';
import { renderTable } from '../support/table.ts';
import { OWN_PACE, PUBLISHED } from './paper.ts';
import type { Report } from './run.ts';

export function printReport(report: Report): void {
  progress('');
  const { machine, seed, load } = report;
  const parts = [postingText(report), closeText(report), callsText(report), paperText(report)];
  process.stdout.write(`Node ${machine.node.slice(1)} · ${machine.processor} · ${machine.cores} cores, shared by the market, its engine and the stand-in; load ${load.join(' at the begin, ')} at the end
seed ${seed}

${parts.join('\n\n')}
`);
}

function postingText({
  posting: { charges, inFlight, itemBytes, writesPerCharge, posted, bare, listed, single },
}: Report): string {
  const row = (name: string, of: { seconds: number; perSecond: number }, note: string) => [
    name,
    `${of.seconds}`,
    `${of.perSecond}`,
    note,
  ];
  return `${charges} charges, ${inFlight} in flight, in turns with bare puts of ${itemBytes} bytes from the same process
${renderTable(
  ['', 'seconds', 'charges a second', ''],
  [
    row(
      'rated and posted',
      posted,
      `${writesPerCharge} writes each: an item, if it is new, and its place in two lists`,
    ),
    row('  as many bare writes', bare, `${bare.ratio} of the time that posting takes: puts in no list`),
    row('  as many bare writes', listed, `${listed.ratio} of it: puts in two lists`),
    row('  a bare put for each', single, `${single.ratio} of it: one write a charge`),
  ],
)}`;
}

function closeText({ closes, memoryGrowth }: Report): string {
  const names = [...new Set(closes.flatMap(({ phases }) => phases.map(({ name }) => name)))];
  const of = (close: Report['closes'][number], name: string) => close.phases.find((phase) => phase.name === name);
  const cells = (close: Report['closes'][number], name: string) => {
    const phase = of(close, name);
    return phase === undefined ? ['–', '–', '–'] : [`${phase.seconds}`, `${phase.processorSeconds}`, `${phase.peakMb}`];
  };
  const head = ['', ...closes.flatMap(({ charges }) => [`${charges} charges: s`, 'of it ours', 'MB'])];
  const rows = names.map((name) => [nameOf(name), ...closes.flatMap((close) => cells(close, name))]);
  const whole = [
    'in all',
    ...closes.flatMap(({ seconds, processorSeconds, peakMb }) => [`${seconds}`, `${processorSeconds}`, `${peakMb}`]),
  ];
  const [large] = closes;
  return `${large!.companies} companies closed by the functions of production, the stand-in for Stripe over HTTP in a process of its own
${renderTable(head, [...rows, whole])}
of it ours: processor time of the closing process; the rest is the engine, the stand-in and whatever else the machine does
MB: the most resident memory of the closing process (${closes.map(({ beginMb }) => beginMb).join(' and ')} at its begin); left after full collections ${closes.map(({ liveMb }) => liveMb).join(' and ')} at the most. Ten times the charges: ${memoryGrowth.resident} times as much resident, ${memoryGrowth.live} times as much left
${closes.map(({ charges, invoices, lines, invoicesPerSecond, table }) => `${charges} charges: ${invoices} invoices with ${lines} lines, ${invoicesPerSecond} a second; the tables: ${table.calls} calls, ${table.writeUnits} write units, ${table.readUnits} read units`).join('\n')}
${closes.map(({ trialBalance: { entries, addedUpSeconds, readSeconds } }) => `trial balance over ${entries} entries: ${addedUpSeconds} seconds to add all of them up, ${readSeconds} to read it from what is kept of that`).join('\n')}
charged ${dollars(large!.chargedMicros)} = invoiced ${dollars(large!.invoicedMicros)} + carried ${dollars(large!.carriedMicros)}; checked by company, by line, in the trial balance and at Stripe`;
}

const PHASES: Readonly<Record<string, string>> = {
  balances: 'balances added up, as every day',
  sweep: 'what was due is posted',
  reconcile: 'reconciled',
  period: 'the month is added up and closed',
  plan: 'planned',
  invoice: 'invoices listed and sent for',
  messages: 'invoices made final',
};
const nameOf = (name: string): string => PHASES[name] ?? name;
const dollars = (micros: number): string => `$${(micros / 1_000_000).toFixed(6)}`;

function callsText({ calls }: Report): string {
  const { byKind, perInvoice, mostForOne, onceForAll, ofWebhooks, ofPayouts } = calls;
  const rows = [...byKind.map(({ endpoint, perInvoice }) => [endpoint, `${perInvoice}`]), ['in all', `${perInvoice}`]];
  const reads = ofWebhooks.byKind.map(({ endpoint, perEvent }) => [endpoint, `${perEvent}`]);
  return `${renderTable(['calls to Stripe in the close', 'per invoice'], rows)}
the most for one invoice: ${mostForOne}; made once for all: ${onceForAll.map(({ endpoint, count }) => `${count} × ${endpoint}`).join(', ')}

Stripe told of ${ofWebhooks.perInvoice} things to look at for each invoice; ${ofWebhooks.worked} of ${ofWebhooks.events} were found by a sweep and worked, in ${ofWebhooks.seconds} seconds
${renderTable(['calls to Stripe for them', 'per thing'], reads)}

${ofPayouts.payouts} providers paid by one run in ${ofPayouts.seconds} seconds: ${ofPayouts.perPayout} calls to Stripe for each (${ofPayouts.byKind.map(({ endpoint, perPayout }) => `${perPayout} × ${endpoint}`).join(', ')})`;
}

function paperText({ paper }: Report): string {
  return `on paper, from the calls counted above, where Stripe's limits are all that counts
${renderTable(
  ['companies', 'first close: minutes', 'later ones', 'at our own pace: first', 'later'],
  paper.map((one) =>
    [one.companies, one.firstMinutes, one.laterMinutes, one.ownPace.firstMinutes, one.ownPace.laterMinutes].map(String),
  ),
)}
published: ${PUBLISHED.all} calls a second, ${PUBLISHED.endpoint} on one endpoint; our own pace: ${OWN_PACE.all} and ${OWN_PACE.endpoint}; a first close makes the customers too`;
}
