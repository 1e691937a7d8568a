/** What a check of a round file is, and how its outcome is said. */

/** Every check there is, with what it makes sure of. */
export const CHECKS = {
  seed: 'the seed is the one whose hash was published when the round opened',
  root: 'the bids and commitments are those under the public root, no more and no fewer',
  seals: 'each bid and commitment is the one that its bidder got a hash for',
  inputs: 'what was cleared is what was sent, under the published terms',
  names: 'the names of this round follow from the sealed bids and commitments',
  order: 'bidders are in the order drawn from the seed',
  feasibility: 'nobody is awarded more than it committed or bid, less than its minimum, or at a closed pair',
  tiers: 'each provider is paid what it bid at the tier it reaches',
  alike: 'companies that differ in volume only are served alike',
  optimality: 'no other choice of tiers is worth more than the gap left open',
  prices: 'prices and credits follow from the awards by the published rule',
  balance: 'what companies pay is what providers and the fee are owed, to the micro-unit',
  floors: 'no company gains less than its floor: what it would gain alone, capped as the rule says without a record',
  limits: 'no company pays above its reserve price or the ceiling, or is credited without a record',
  epsilon: 'the bound on what a group gains by leaving is the published one',
  figures: 'the published figures are those of the result',
  inclusion: 'its bid or commitment is under the public root',
  result: 'the result keeps to what was sent, and comes to its total',
  same: 'all files are of one round and say the same',
} as const;
export type CheckName = keyof typeof CHECKS;

export type Outcome = 'passed' | 'failed' | 'not possible';
export type Check = { readonly name: CheckName; readonly outcome: Outcome; readonly detail: string };

/** At most this many faults of one check are told; the rest are counted. */
const FAULTS_TOLD = 5;

/** Failed with its faults, or passed with what was looked at. */
export function checkOf(name: CheckName, faults: readonly string[], passed: string): Check {
  if (faults.length === 0) return { name, outcome: 'passed', detail: passed };
  const more = faults.length > FAULTS_TOLD ? `; and ${faults.length - FAULTS_TOLD} more` : '';
  return { name, outcome: 'failed', detail: `${faults.slice(0, FAULTS_TOLD).join('; ')}${more}` };
}

export const notPossible = (name: CheckName, detail: string): Check => ({ name, outcome: 'not possible', detail });

/** The fields in which two values differ, as `what: field is x, but y follows`; objects are compared by their JSON. */
export function differences(what: string, found: object, expected: object): string[] {
  const said = (value: unknown): string => JSON.stringify(value) ?? 'missing';
  return Object.entries(expected).flatMap(([field, value]) => {
    const [is, should] = [said((found as Record<string, unknown>)[field]), said(value)];
    return is === should ? [] : [`${what}: ${field} is ${is}, but ${should} follows`];
  });
}
