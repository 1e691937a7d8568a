/** Takes in requests that name no queue: by their category where it is given, else by what their text is about. */
import type { Call } from '../kernel/call.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { type Accepted, acceptRequest, answerEarlier, type IntakeRefusal } from '../request/intake.store.ts';
import type { RequestInput } from '../request/request.ts';
import { DEFAULT_THRESHOLD, judge } from './judge.ts';
import type { Model } from './model.ts';
import { readChoices, readNamed } from './triage.store.ts';
import { type Choices, type TriageInput, type TriageView, triaged } from './triage.ts';

/** Gives the market's model, read when it is first needed; null where there is none. */
export type ModelLoader = () => Promise<Model | null>;

/** Sorts a text into a company's categories. Refused: `not_found` where a named queue does not exist. */
export async function triage(
  call: Call,
  company: string,
  input: TriageInput,
  loadModel: ModelLoader,
): Promise<Result<TriageView, 'not_found'>> {
  const choices = await readChoices(call, company, input.queues);
  const known = new Set([...choices.values()].flat());
  const unknown = input.queues?.find((queue) => !known.has(queue));
  if (unknown !== undefined)
    return refuse('not_found', `There is no queue ${unknown}; GET /v1/queues lists them.`, {
      extra: { field: 'queues' },
    });
  return ok(await judgeText(call, company, input.text, choices, loadModel));
}

async function judgeText(call: Call, company: string, text: string, choices: Choices, loadModel: ModelLoader) {
  const model = await loadModel();
  const named = await readNamed(call, company, model);
  const judgement = judge(model, named, text, [...choices.keys()]);
  return triaged(judgement, choices, model?.threshold ?? DEFAULT_THRESHOLD);
}

/**
 * Accepts a request as `acceptRequest` does; one without a queue is triaged first. A repeated call gets the first one's
 * answer, whatever the company has corrected since. Refused beside the others: `needs_category` with suggestions, where
 * it is not sure enough, or the category has several queues. A request that names its queue costs nothing here.
 */
export async function acceptTriaged(
  call: Call,
  company: string,
  input: RequestInput,
  commandKey: string | null,
  loadModel: ModelLoader,
): Promise<Result<Accepted, IntakeRefusal | 'needs_category'>> {
  const { queue } = input;
  if (queue !== undefined) return acceptRequest(call, company, { ...input, queue }, commandKey);
  const earlier = await answerEarlier(call, company, input, commandKey);
  if (earlier !== undefined) return earlier;
  const found = await queueFor(call, company, input, loadModel);
  if (!found.ok) return found;
  return acceptRequest(call, company, { ...input, queue: found.value }, commandKey, input);
}

async function queueFor(
  call: Call,
  company: string,
  { category, text }: RequestInput,
  loadModel: ModelLoader,
): Promise<Result<string, 'needs_category'>> {
  const choices = await readChoices(call, company);
  if (choices.size === 0)
    return refuse(
      'needs_category',
      'You have no commitment or award in any queue yet: name the queue of this request.',
    );
  if (category !== undefined) return queueOfCategory(choices, category);
  const view = await judgeText(call, company, text, choices, loadModel);
  if (view.queue !== null) return ok(view.queue);
  const [first] = view.suggestions;
  const why =
    first !== undefined && first.confidence >= view.threshold && first.queues.length > 1
      ? `This is about “${first.category}”, for which you have ${first.queues.length} queues: say which in “queue”.`
      : 'What this is about is not sure enough: say it in “queue” or “category”; the suggestions begin with the likeliest.';
  return refuse('needs_category', why, {
    extra: { field: 'queue', suggestions: view.suggestions, other: view.other, threshold: view.threshold },
  });
}

function queueOfCategory(choices: Choices, category: string): Result<string, 'needs_category'> {
  const queues = choices.get(category) ?? [];
  if (queues.length === 1) return ok(queues[0]!);
  const known = [...choices].map(([name, ids]) => ({
    category: name,
    confidence: name === category ? 1 : 0,
    queues: [...ids],
  }));
  const why =
    queues.length === 0
      ? `You have no queue for “${category}”: name one of your categories, or the queue.`
      : `You have ${queues.length} queues for “${category}”: say which in “queue”.`;
  const suggestions = queues.length === 0 ? known : known.filter(({ confidence }) => confidence === 1);
  return refuse('needs_category', why, { extra: { field: 'queue', suggestions } });
}
