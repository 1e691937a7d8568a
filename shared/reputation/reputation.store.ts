/**
 * Records `REP#<organisation>`: of closed rounds `R#<closed ms>#<queue>#<round>`, of audits `A#<resolved ms>#<lease>`. The
 * quality that follows from a provider's is kept with its organisation, where bids take it from.
 */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { roundKey, timeKey } from '../kernel/id.ts';
import type { Item, Write } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { kindOf, readPrior, setMeasuredQuality } from '../organisation/organisation.store.ts';
import type { CompanyTotals } from '../round/report.ts';
import { readEvidence } from '../round/totals.store.ts';
import {
  type Audits,
  Evidence,
  Judging,
  type OwnReputation,
  QUALITY_RULE,
  qualityBps,
  type Reputation,
  rejectedBps,
  sampleOf,
  sumEvidence,
} from './reputation.ts';

const partition = (organisation: string): string => `REP#${organisation}`;
const MEASURED_TOGETHER = 8;
/** A provider in more rounds than these within a year is a bug. */
const MOST_ROUNDS = 20_000;

const RoundItem = z.object({
  sk: z.string(),
  queue: z.string(),
  round: z.int(),
  closedAt: z.number(),
  evidence: Evidence.nullable(),
  judging: Judging.nullable(),
});
type RoundItem = z.infer<typeof RoundItem>;
const AuditItem = z.object({ result: z.enum(['pass', 'fail']) });

/**
 * Writes what a closed round brought to each record, and measures its providers anew. Repeated with the same totals and
 * time it writes the same.
 */
export async function recordRound(
  call: Call,
  round: { queue: string; round: number; closedAt: number },
  totals: readonly CompanyTotals[],
): Promise<void> {
  const byProvider = new Map<string, Evidence[]>();
  for (const own of await readEvidence(call, round.queue, round.round))
    for (const [provider, evidence] of Object.entries(own))
      byProvider.set(provider, [...(byProvider.get(provider) ?? []), evidence]);
  const { queue, round: number, closedAt } = round;
  const item = (organisation: string, more: Pick<RoundItem, 'evidence' | 'judging'>): Item => ({
    pk: partition(organisation),
    sk: `R#${timeKey(closedAt)}#${queue}#${roundKey(number)}`,
    queue,
    round: number,
    closedAt,
    ...more,
  });
  const companies = totals
    .filter(({ charged, rejected }) => charged + rejected > 0)
    .map(({ company, charged, rejected }) => item(company, { evidence: null, judging: { charged, rejected } }));
  const providers = [...byProvider].map(([provider, all]) =>
    item(provider, { evidence: sumEvidence(all), judging: null }),
  );
  await mapConcurrent([...companies, ...providers], MEASURED_TOGETHER, (one) => call.tables.put('market', one));
  await mapConcurrent([...byProvider.keys()], MEASURED_TOGETHER, (provider) => measure(call, provider));
}

/** The write of one audit's result into a provider's record; for a transaction with the sample's own. */
export const auditWrite = (provider: string, lease: string, resolvedAt: number, result: 'pass' | 'fail'): Write => ({
  kind: 'put',
  table: 'market',
  item: { pk: partition(provider), sk: `A#${timeKey(resolvedAt)}#${lease}`, result },
});

/**
 * Works a provider's quality out from its record and keeps it with its organisation. Where the record grew meanwhile, it
 * is worked out again, so that of two at once neither keeps an older one.
 */
export async function measure(call: Call, provider: string): Promise<void> {
  let seen = '';
  for (let attempt = 0; attempt < 5; attempt++) {
    const [record, prior] = await Promise.all([readRecord(call, provider), readPrior(call.tables, provider)]);
    if (prior === undefined) return;
    const found = JSON.stringify([record.rounds, record.audits, prior]);
    if (found === seen) return;
    seen = found;
    await setMeasuredQuality(call.tables, provider, prior, qualityBps(prior, evidenceOf(record), record.audits));
  }
}

type Record_ = { rounds: RoundItem[]; audits: Audits };

async function readRecord(call: Call, organisation: string): Promise<Record_> {
  const since = timeKey(call.now - QUALITY_RULE.windowMs);
  const range = (kind: string) => ({
    pk: partition(organisation),
    from: `${kind}#${since}`,
    to: `${kind}#~`,
    consistent: true,
  });
  const [rounds, audits] = await Promise.all([
    call.tables.queryAll('market', RoundItem, range('R'), MOST_ROUNDS),
    call.tables.queryAll('market', AuditItem, range('A')),
  ]);
  const pass = audits.filter((audit) => audit.result === 'pass').length;
  return { rounds, audits: { pass, fail: audits.length - pass } };
}

const evidenceOf = (record: Record_): Evidence =>
  sumEvidence(record.rounds.flatMap(({ evidence }) => (evidence === null ? [] : [evidence])));

/** An organisation's record as others see it; undefined where there is no such company or provider. */
export async function readReputation(call: Call, organisation: string): Promise<Reputation | undefined> {
  const own = await readOwnReputation(call, organisation);
  if (own === undefined) return undefined;
  const { organisation: id, kind, qualityBps: quality, rejectedBps: rejected, sample } = own;
  return { organisation: id, kind, qualityBps: quality, rejectedBps: rejected, sample };
}

/** One's own record with all it is made of. */
export async function readOwnReputation(call: Call, organisation: string): Promise<OwnReputation | undefined> {
  const kind = kindOf(organisation);
  const prior = await readPrior(call.tables, organisation);
  if (kind === 'market' || prior === undefined) return undefined;
  const record = await readRecord(call, organisation);
  const isProvider = kind === 'provider';
  const evidence = evidenceOf(record);
  const judging = record.rounds.reduce(
    (sum, { judging: one }) => ({
      charged: sum.charged + (one?.charged ?? 0),
      rejected: sum.rejected + (one?.rejected ?? 0),
    }),
    { charged: 0, rejected: 0 },
  );
  return {
    organisation,
    kind,
    qualityBps: isProvider ? qualityBps(prior, evidence, record.audits) : null,
    rejectedBps: isProvider ? null : rejectedBps(judging),
    sample: sampleOf(isProvider ? evidence.confirmed + evidence.assumed : judging.charged),
    rule: { version: QUALITY_RULE.version, text: QUALITY_RULE.text },
    priorBps: isProvider ? prior : null,
    audits: record.audits,
    rounds: roundsOf(record, isProvider ? prior : null),
  };
}

/** The newest rounds of a record are shown. */
const SHOWN = 50;

function roundsOf({ rounds, audits }: Record_, prior: number | null): OwnReputation['rounds'] {
  let sum = sumEvidence([]);
  const all = rounds.map(({ queue, round, closedAt, evidence, judging }) => {
    sum = sumEvidence(evidence === null ? [sum] : [sum, evidence]);
    const quality = prior === null ? null : qualityBps(prior, sum, audits);
    return { queue, round, closedAt: iso(closedAt), evidence, judging, qualityBps: quality };
  });
  return all.reverse().slice(0, SHOWN);
}
