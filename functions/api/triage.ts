/** A company's calls about triage; served by the company's function. */

import type { Member } from '../../shared/identity/identity.ts';
import { mapConcurrent } from '../../shared/kernel/call.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { readOwnHead, readWords } from '../../shared/request/request.store.ts';
import { triage } from '../../shared/triage/intake.store.ts';
import { addCorrections, clearCorrections, readCorrections } from '../../shared/triage/triage.store.ts';
import type { CorrectionInput } from '../../shared/triage/triage.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { loadTriageModel } from '../triage-model.ts';

const READ_WIDTH = 8;

export const triageText: Handler<'triageText'> = async (context, { body }) => {
  const sorted = await triage(context, context.actor.tenant, body, loadTriageModel);
  return sorted.ok ? { status: 200, body: sorted.value } : sorted;
};

export const correctTriage: Handler<'correctTriage'> = async (context, { body }) => {
  const texts = await mapConcurrent(body.corrections, READ_WIDTH, (correction) => textOf(context, correction));
  const corrections = [];
  for (const [place, correction] of body.corrections.entries()) {
    const text = texts[place];
    if (text === undefined)
      return refuse('not_found', `corrections[${place}] names no request of yours that has a text.`, {
        extra: { field: `corrections[${place}].request` },
      });
    corrections.push({ text, category: correction.category });
  }
  await addCorrections(context, context.actor.tenant, corrections, await loadTriageModel());
  return { status: 200, body: await readCorrections(context, context.actor.tenant) };
};

/** The text that a correction is about; undefined where it names a request without one. */
async function textOf(context: Context<Member>, correction: CorrectionInput): Promise<string | undefined> {
  if ('text' in correction) return correction.text;
  const head = await readOwnHead(context, context.actor.tenant, correction.request);
  const words = head === undefined ? undefined : await readWords(context, head);
  return words === undefined || words.text.trim() === '' ? undefined : words.text;
}

export const getTriageCorrections: Handler<'getTriageCorrections'> = async (context) => ({
  status: 200,
  body: await readCorrections(context, context.actor.tenant),
});

export const resetTriage: Handler<'resetTriage'> = async (context) => {
  await clearCorrections(context, context.actor.tenant);
  return { status: 204, body: null };
};
