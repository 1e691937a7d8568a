/** Reads what dispatch needs to know of a company in a queue and round. Nearly all of it never changes and is remembered. */
import { readCompanyAward, readProviderAwards } from '../award/award.store.ts';
import type { Call } from '../kernel/call.ts';
import { readRecentRounds, readTerms } from '../queue/queue.store.ts';
import { isInForce, type Round } from '../round/round.ts';
import type { Terms } from '../terms/terms.ts';
import { readWithdrawals } from './lane.store.ts';
import type { Plan } from './plan.ts';

/**
 * The round that takes requests now: the newest one that is cleared, released where that is needed, and has begun, even
 * where its successor is late and it already settles; undefined where there is none.
 */
export async function intakeRound(call: Call, queue: string): Promise<Round | undefined> {
  const rounds = await readRecentRounds(call, queue);
  return rounds.find((round) => isInForce(round, call.now));
}

/** The plan of a company in a cleared round. */
export async function readPlan(
  call: Call,
  company: string,
  queue: string,
  round: number,
  termsVersion: number,
): Promise<Plan> {
  const [award, providers, terms, withdrawn] = await Promise.all([
    readCompanyAward(call.tables, queue, round, company),
    readProviderAwards(call.tables, queue, round),
    readTerms(call.tables, queue, termsVersion),
    readWithdrawals(call, company),
  ]);
  if (terms === undefined) throw new Error(`queue ${queue} has no terms ${termsVersion}`);
  return { award, providers, terms: terms.terms, withdrawn };
}

/** The terms of the round that a request came in by; those of the newest round where none could take it. */
export async function termsOfRound(
  call: Call,
  queue: string,
  round: number,
): Promise<{ terms: Terms; version: number }> {
  const rounds = await readRecentRounds(call, queue);
  const found = rounds.find((other) => other.round === round) ?? rounds[0];
  if (found === undefined) throw new Error(`queue ${queue} has no round`);
  const version = await readTerms(call.tables, queue, found.termsVersion);
  if (version === undefined) throw new Error(`queue ${queue} has no terms ${found.termsVersion}`);
  return { terms: version.terms, version: found.termsVersion };
}
