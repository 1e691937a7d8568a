/** Re-checks a round apart from the page: gets its published files, and runs the market's own pure checks over them. */

import { PseudonymousFile, PublicFile, RoundFile } from '../../../../shared/market/round-file/round-file.ts';
import { compareFiles, isSound, verifyRound } from '../../../../shared/market/round-file/verify.ts';
import { createExactSolver } from '../../../../shared/market/solver/exact.ts';
import { priceLadder } from '../../../../shared/provisional/outline.ts';
import { inParts } from './parts.ts';
import type { Answer, Proof, Task } from './proof.ts';

/** Solving a ladder takes eight clearings: beyond so many companies times providers it is left out. */
const MOST_PAIRS = 4_000;

const tell = (answer: Answer) => self.postMessage(answer);

self.onmessage = async ({ data }: MessageEvent<Task>) => {
  try {
    tell({ proof: await prove(data) });
  } catch (error) {
    tell({ failed: error instanceof Error ? error.message : String(error) });
  }
};

async function prove({ queue, round, own }: Task): Promise<Proof> {
  const path = `/v1/queues/${encodeURIComponent(queue)}/rounds/${round}/file`;
  tell({ step: 'reading' });
  const published = PublicFile.parse(JSON.parse(await textOf(path)));
  const sealed = published.publishesSealedFile ? await readSealed(`${path}?part=sealed`) : null;
  const mine = own === null ? null : RoundFile.parse(own);
  tell({ step: 'checking' });
  const checked = mine === null ? [] : await verifyRound(mine);
  const files = [published, ...(sealed === null ? [] : [sealed]), ...(mine === null ? [] : [mine])];
  const together = files.length > 1 ? [compareFiles(files)] : [];
  const checks = [...(await verifyRound(sealed ?? published)), ...together];
  tell({ step: 'solving' });
  return {
    published,
    checks,
    own: checked,
    isSound: isSound([...checks, ...checked]),
    ladder: sealed === null ? null : await ladderOf(sealed),
  };
}

/** The ladder is a picture, the checks are the proof: where it cannot be worked out there is none. */
async function ladderOf({ input }: PseudonymousFile): Promise<Proof['ladder']> {
  if (input.companies.length * input.providers.length > MOST_PAIRS) return null;
  try {
    return await priceLadder(input, createExactSolver());
  } catch {
    return null;
  }
}

async function textOf(path: string): Promise<string> {
  const answer = await fetch(path);
  const text = await answer.text();
  if (answer.ok) return text;
  throw new Refused(JSON.parse(text) as Refusal);
}

type Refusal = { code: string; detail: string; chunks?: number };
class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}

/** The file of all inputs; put together where it comes in parts. */
async function readSealed(path: string): Promise<PseudonymousFile> {
  try {
    return PseudonymousFile.parse(JSON.parse(await textOf(path)));
  } catch (error) {
    if (!(error instanceof Refused) || error.refusal.code !== 'file_in_parts') throw error;
    return PseudonymousFile.parse(
      JSON.parse(
        await inParts(
          error.refusal.chunks ?? 0,
          async (chunk) => JSON.parse(await textOf(`${path}&chunk=${chunk}`)) as unknown,
        ),
      ),
    );
  }
}
