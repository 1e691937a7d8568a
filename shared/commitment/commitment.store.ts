/** Commitments of a round: `C#<queue>#<round>` / `<company>`; written only while the round is open. */
import type { Call } from '../kernel/call.ts';
import { canonicalJson, sha256Hex } from '../kernel/hash.ts';
import { roundKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import type { Key } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { checkOpenRound, writeWhileOpen } from '../round/round.store.ts';
import { Commitment, type CommitmentInput } from './commitment.ts';

const commitmentKey = (queue: string, round: number, company: string): Key => ({
  pk: `C#${queue}#${roundKey(round)}`,
  sk: company,
});

/** Commits demand, or changes what was committed. Refused: `not_found`, `round_not_open` with the next round's close, `wrong_currency`. */
export async function putCommitment(
  call: Call,
  company: string,
  queue: string,
  round: number,
  input: CommitmentInput,
): Promise<Result<Commitment, 'not_found' | 'round_not_open' | 'wrong_currency'>> {
  const open = await checkOpenRound(call, queue, round, input.currency);
  if (!open.ok) return open;
  const content = { queue, round, company, ...input, submittedAt: iso(call.now) };
  const commitment: Commitment = { ...content, hash: await sha256Hex(canonicalJson(content)) };
  const item = {
    ...commitmentKey(queue, round, company),
    ...commitment,
    opk: company,
    osk: `C#${roundKey(round)}#${queue}`,
  };
  const written = await writeWhileOpen(call, queue, round, { kind: 'put', table: 'market', item });
  return written.ok ? ok(commitment) : written;
}

export async function readCommitment(
  call: Call,
  company: string,
  queue: string,
  round: number,
): Promise<Commitment | undefined> {
  return call.tables.get('market', commitmentKey(queue, round, company), Commitment);
}

/** Withdraws a commitment before the close; withdrawing none is `not_found`. */
export async function withdrawCommitment(
  call: Call,
  company: string,
  queue: string,
  round: number,
): Promise<Result<null, 'not_found' | 'round_not_open'>> {
  const open = await checkOpenRound(call, queue, round, null);
  if (!open.ok) return open.code === 'wrong_currency' ? refuse('not_found', open.detail) : { ...open, code: open.code };
  if ((await readCommitment(call, company, queue, round)) === undefined)
    return refuse('not_found', 'There is no commitment of yours in this round.');
  const written = await writeWhileOpen(call, queue, round, {
    kind: 'delete',
    table: 'market',
    key: commitmentKey(queue, round, company),
  });
  return written.ok ? ok(null) : written;
}

/** All commitments of a round, in order of company; read consistently, for clearing. */
export async function allCommitments(call: Call, queue: string, round: number): Promise<Commitment[]> {
  return call.tables.queryAll('market', Commitment, { pk: commitmentKey(queue, round, '').pk, consistent: true });
}
