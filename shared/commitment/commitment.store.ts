/** Commitments of a round: `C#<queue>#<round>` / `<company>`; written only while the round is open, or before it opens when they roll over. */
import type { Call } from '../kernel/call.ts';
import { canonicalJson, sha256Hex } from '../kernel/hash.ts';
import { randomToken, roundKey, timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Condition, type Item, type Key } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { changeWhileOpen, wrongCurrency } from '../round/round.store.ts';
import type { Standing } from '../round/standing.ts';
import { Commitment, type CommitmentInput } from './commitment.ts';

const commitmentPartition = (queue: string, round: number): string => `C#${queue}#${roundKey(round)}`;
const commitmentKey = (queue: string, round: number, company: string): Key => ({
  pk: commitmentPartition(queue, round),
  sk: company,
});

type ChangeRefusal = 'not_found' | 'round_not_open' | 'still_running';

/**
 * Commits demand, or changes what was committed, freely until the hard close. Refused: `not_found`, `round_not_open` with
 * the next round's dates, `wrong_currency`.
 */
export async function putCommitment(
  call: Call,
  company: string,
  queue: string,
  round: number,
  input: CommitmentInput,
): Promise<Result<Commitment, ChangeRefusal | 'wrong_currency'>> {
  return changeWhileOpen(call, ownCommitment(company, queue, round), async (old, open, of) => {
    const wrong = wrongCurrency(of, input.currency);
    if (wrong !== undefined) return wrong;
    const commitment = await sealCommitment({ queue, round, company, ...input, submittedAt: iso(call.now) });
    const item = commitmentItem(commitment, open.startsAt);
    return ok({ write: { kind: 'put', table: 'market', item, when: asSeen(old) }, value: commitment });
  });
}

/** Fixes a commitment as it was received; the hash acknowledges it. */
async function sealCommitment(received: Omit<Commitment, 'hash' | 'nonce'>): Promise<Commitment> {
  const content = { ...received, nonce: randomToken(16) };
  return { ...content, hash: await sha256Hex(canonicalJson(content)) };
}

/** Listed with what else its company has put into rounds, in order of their begin. */
const commitmentItem = (commitment: Commitment, startsAt: number): Item => ({
  ...commitmentKey(commitment.queue, commitment.round, commitment.company),
  ...commitment,
  opk: commitment.company,
  osk: `C#${timeKey(startsAt)}#${commitment.queue}`,
});

const ownCommitment = (company: string, queue: string, round: number) => ({
  queue,
  round,
  key: commitmentKey(queue, round, company),
  schema: Commitment,
});

/** The commitment still is the one that was read. */
const asSeen = (old: Commitment | undefined): Condition => (old === undefined ? ABSENT : [['=', 'hash', old.hash]]);

/** A company's own commitment, read consistently. */
export async function readCommitment(
  call: Call,
  company: string,
  queue: string,
  round: number,
): Promise<Commitment | undefined> {
  return call.tables.get('market', commitmentKey(queue, round, company), Commitment, { consistent: true });
}

/** Withdraws a commitment before the close; withdrawing none is `not_found`. */
export async function withdrawCommitment(
  call: Call,
  company: string,
  queue: string,
  round: number,
): Promise<Result<null, ChangeRefusal>> {
  const own = ownCommitment(company, queue, round);
  return changeWhileOpen(call, own, async (old) => {
    if (old === undefined) return refuse('not_found', 'There is no commitment of yours in this round.');
    return ok({ write: { kind: 'delete', table: 'market', key: own.key, when: asSeen(old) }, value: null });
  });
}

/** All commitments of a round, in order of company; read consistently, for clearing. */
export async function allCommitments(call: Call, queue: string, round: number): Promise<Commitment[]> {
  return call.tables.queryAll('market', Commitment, { pk: commitmentPartition(queue, round), consistent: true });
}

/** How standing commitments roll over: as they were made, sealed anew. */
export const standingCommitments: Standing<Commitment> = {
  partition: commitmentPartition,
  schema: Commitment,
  ownerOf: (commitment) => commitment.company,
  roll: async (commitment, { round, startsAt }, now) => {
    const { hash: _hash, nonce: _nonce, ...made } = commitment;
    const again = { ...made, round, submittedAt: iso(now), rolledFrom: commitment.round };
    return commitmentItem(await sealCommitment(again), startsAt);
  },
};
