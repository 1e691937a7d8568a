/** The files of a round over the API, and why a party got what it got: who may have what, and how a large file is got in parts. */
import { gzip } from '../../shared/kernel/gzip.ts';
import { hexOf, sha256Bytes } from '../../shared/kernel/hash.ts';
import { ok, type Result, refuse } from '../../shared/kernel/result.ts';
import { iso } from '../../shared/kernel/time.ts';
import { makeCompanyFile, makeProviderFile, makePseudonymousFile } from '../../shared/market/round-file/build.ts';
import { explainCompany, explainProvider } from '../../shared/market/round-file/explain.ts';
import type { FileChunk, RoundFile, SealedFile } from '../../shared/market/round-file/round-file.ts';
import { readRound } from '../../shared/queue/queue.store.ts';
import type { Round } from '../../shared/round/round.ts';
import { readPublicFile, readSealedFile } from '../../shared/round/round-file.store.ts';
import type { Context, Handler } from '../middleware/context.ts';

/** A function may answer 6 MB; what is larger comes in parts. */
const MOST_ANSWER_BYTES = 5_000_000;
/** A part in base64 stays far below it. */
const PART_BYTES = 3_000_000;

const NO_COMMITMENT = refuse('not_found', 'You had no commitment in this round.');
const NO_BID = refuse('not_found', 'You had no bid in this round.');
const NO_FILE = refuse('not_found', 'This round was cleared before files of rounds were kept.');

export const getRoundFile: Handler<'getRoundFile'> = async (context, { params, query }) => {
  const round = await begunRound(context, params.queue, params.round);
  if (!round.ok) return round;
  const shown = await readPublicFile(context, params.queue, params.round);
  if (shown === undefined) return NO_FILE;
  if (query.part === 'public') return { status: 200, body: shown };
  if (!shown.publishesSealedFile)
    return refuse(
      'file_not_published',
      `The terms of round ${params.round} of ${params.queue} publish part=public only.`,
    );
  const sealed = await readSealedFile(context, params.queue, params.round);
  const file = sealed === undefined ? undefined : makePseudonymousFile(sealed);
  return file === undefined ? NO_FILE : inOneOrParts(file, query.chunk);
};

export const getCompanyFile: Handler<'getCompanyFile'> = async (context, { params }) => {
  const sealed = await begunFile(context, params.queue, params.round);
  if (!sealed.ok) return sealed;
  const own = await makeCompanyFile(sealed.value, context.actor.tenant);
  return own === undefined ? NO_COMMITMENT : { status: 200, body: own };
};

export const getProviderFile: Handler<'getProviderFile'> = async (context, { params }) => {
  const sealed = await begunFile(context, params.queue, params.round);
  if (!sealed.ok) return sealed;
  const own = await makeProviderFile(sealed.value, context.actor.tenant);
  return own === undefined ? NO_BID : { status: 200, body: own };
};

export const getCompanyWhy: Handler<'getCompanyWhy'> = async (context, { params }) => {
  const sealed = await begunFile(context, params.queue, params.round);
  if (!sealed.ok) return sealed;
  const why = await explainCompany(sealed.value, context.actor.tenant);
  return why === undefined ? NO_COMMITMENT : { status: 200, body: why };
};

export const getProviderWhy: Handler<'getProviderWhy'> = async (context, { params }) => {
  const sealed = await begunFile(context, params.queue, params.round);
  if (!sealed.ok) return sealed;
  const why = await explainProvider(sealed.value, context.actor.tenant);
  return why === undefined ? NO_BID : { status: 200, body: why };
};

/** The operator as auditor: from clearing on, which is after the hard close, and never without a line in the log. */
export const getSealedFile: Handler<'getSealedFile'> = async (context, { params, query }) => {
  const round = await readRound(context.tables, params.queue, params.round);
  if (round === undefined) return refuse('not_found', 'There is no such round.');
  if (round.clearedAt === null)
    return refuse(
      'round_not_cleared',
      `Bids and commitments are sealed until the round is cleared, after ${iso(round.closesAt)}.`,
      {
        retryable: true,
      },
    );
  const sealed = await readSealedFile(context, params.queue, params.round);
  if (sealed === undefined) return NO_FILE;
  const { user, tenant } = context.actor;
  const { callId } = context;
  context.runtime.log('info', 'audit: the sealed file of a round was read', { callId, user, tenant, ...params });
  return inOneOrParts(sealed, query.chunk);
};

async function begunRound(
  context: Context,
  queue: string,
  number: number,
): Promise<Result<Round, 'not_found' | 'round_not_cleared'>> {
  const round = await readRound(context.tables, queue, number);
  if (round === undefined) return refuse('not_found', 'There is no such round.');
  if (round.state === 'open' || round.state === 'clearing')
    return refuse('round_not_cleared', `The files of a round are shown when it begins, at ${iso(round.startsAt)}.`, {
      retryable: true,
    });
  return ok(round);
}

async function begunFile(
  context: Context,
  queue: string,
  number: number,
): Promise<Result<SealedFile, 'not_found' | 'round_not_cleared'>> {
  const round = await begunRound(context, queue, number);
  if (!round.ok) return round;
  const sealed = await readSealedFile(context, queue, number);
  return sealed === undefined ? NO_FILE : ok(sealed);
}

/** The file itself, or the part that was asked for; a file too large for one answer is refused with how to get it. */
export async function inOneOrParts<F extends RoundFile>(
  file: F,
  part: number | undefined,
  mostBytes = MOST_ANSWER_BYTES,
) {
  const text = JSON.stringify(file);
  if (part === undefined && Buffer.byteLength(text) <= mostBytes) return { status: 200 as const, body: file };
  const bytes = await gzip(text);
  const chunks = Math.max(1, Math.ceil(bytes.length / PART_BYTES));
  if (part === undefined)
    return refuse(
      'file_in_parts',
      `This file is too large for one answer: ask with chunk=1 to chunk=${chunks}, and put the parts together in that order.`,
      { extra: { chunks } },
    );
  if (part > chunks) return refuse('not_found', `This file has ${chunks} parts.`, { extra: { chunks } });
  const data = Buffer.from(bytes.subarray((part - 1) * PART_BYTES, part * PART_BYTES)).toString('base64url');
  const sha256 = hexOf(await sha256Bytes(bytes));
  const body: FileChunk = { kind: 'parley.round.part', chunk: part, chunks, sha256, data };
  return { status: 200 as const, body };
}
