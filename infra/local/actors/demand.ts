/** Companies send their customers' requests and look where they stand; customers answer by their link. */

import { HOUR, MINUTE } from '../../../shared/kernel/time.ts';
import type { RequestInput, RequestView } from '../../../shared/request/request.ts';
import type { Arrival } from './arrival.ts';
import { customerAnswer, whenAnswered } from './behaviour.ts';
import { ask, inParallel } from './calls.ts';
import { type Known, remember, surprise, type World, waits } from './world.ts';

/** Requests sent in one call; and the text in one call, well below the API's limit of 256 KB. */
const BATCH = 100;
const BATCH_CHARACTERS = 150_000;
/** A request in nobody's lane is looked at this often until its deadline. */
const STRANDED_LOOK_MS = 6 * HOUR;

/** Sends requests, each company's together; what is queued then waits for a provider. */
export async function sendArrivals(world: World, arrivals: readonly Arrival[]): Promise<void> {
  const byCompany = new Map<string, Arrival[]>();
  for (const arrival of arrivals) byCompany.set(arrival.company, [...(byCompany.get(arrival.company) ?? []), arrival]);
  await inParallel([...byCompany.values()].flatMap(batches), (batch) => sendBatch(world, batch));
}

function batches(arrivals: readonly Arrival[]): Arrival[][] {
  const all: Arrival[][] = [];
  let size = BATCH_CHARACTERS;
  for (const arrival of arrivals) {
    const length = JSON.stringify(inputOf(arrival)).length;
    const batch = all.at(-1);
    if (batch === undefined || batch.length >= BATCH || size + length > BATCH_CHARACTERS) {
      all.push([arrival]);
      size = length;
    } else {
      batch.push(arrival);
      size += length;
    }
  }
  return all;
}

const inputOf = ({ externalId, queue, customer, text, fields }: Arrival): RequestInput => ({
  externalId,
  queue,
  customer,
  text,
  fields,
});

async function sendBatch(world: World, batch: readonly Arrival[]): Promise<void> {
  const [first] = batch;
  if (first === undefined) return;
  const { client } = await world.directory.company(first.company);
  if (batch.length === 1) {
    try {
      took(world, first, await ask('send', () => client.POST('/v1/requests', { body: inputOf(first) })));
    } catch (error) {
      surprise(world, 'send', error);
    }
    return;
  }
  const body = { requests: batch.map(inputOf) };
  const { results } = await ask('send together', () => client.POST('/v1/requests/batch', { body }));
  for (const [i, result] of results.entries()) {
    const arrival = batch[i];
    if (arrival === undefined) continue;
    if ('request' in result) took(world, arrival, result.request);
    else
      world.surprises.set(
        `send: ${result.problem.code}`,
        (world.surprises.get(`send: ${result.problem.code}`) ?? 0) + 1,
      );
  }
}

function took(world: World, arrival: Arrival, view: RequestView): void {
  world.sent += 1;
  world.past.sent(arrival);
  world.past.told(arrival.company, arrival.queue, view);
  expect(world, remember(world, arrival, view), view);
}

/** Notes what follows from where a request stands. */
export function expect(world: World, known: Known, view: RequestView): void {
  const now = world.time.now();
  if (view.state === 'queued' && view.provider === null) {
    const deadline = Date.parse(view.deadline) + 2 * MINUTE;
    world.agenda.note(Math.max(now + MINUTE, Math.min(now + STRANDED_LOOK_MS, deadline)), { kind: 'look', known });
  }
  if ((view.state === 'resolved' || view.state === 'assumed') && view.resolvedAt !== null)
    expectAnswer(world, known, Date.parse(view.resolvedAt));
}

/** The company looks where its request is now, as it may at any time. */
export async function look(world: World, known: Known): Promise<void> {
  try {
    const { client } = await world.directory.company(known.arrival.company);
    const params = { path: { request: known.id } };
    const view = await ask('look', () => client.GET('/v1/requests/{request}', { params }));
    expect(world, remember(world, known.arrival, view), view);
    if (view.state === 'working') world.agenda.note(world.time.now() + HOUR, { kind: 'look', known });
  } catch (error) {
    surprise(world, 'look', error);
  }
}

/** A resolution was claimed: its customer will answer, or stay silent. */
export function expectAnswer(world: World, known: Known, resolvedAt: number): void {
  const window = world.queues.get(known.arrival.queue)?.reopenWindowMs ?? 168 * HOUR;
  const answer = customerAnswer(world.draw, known.arrival, known.reopens, window);
  if (answer === null) {
    world.requests.delete(known.id);
    return;
  }
  const at = whenAnswered(resolvedAt + answer.afterMs);
  world.agenda.note(Math.max(at, world.time.now()), { kind: 'answer', known, say: answer.say });
}

/** The customer gets the company's link and says what they think of the resolution. */
export async function answer(world: World, known: Known, say: 'solved' | 'not solved'): Promise<void> {
  try {
    const { client } = await world.directory.company(known.arrival.company);
    const params = { path: { request: known.id } };
    const { token } = await ask('make a link', () => client.POST('/v1/requests/{request}/link', { params }));
    const link = { params: { path: { token } } };
    const customer = world.directory.anybody;
    if (say === 'solved') {
      await ask('say solved', () => customer.POST('/v1/links/{token}/solved', link));
      world.requests.delete(known.id);
    } else {
      await ask('say not solved', () => customer.POST('/v1/links/{token}/not-solved', link));
      known.reopens += 1;
      waits(world, known);
    }
  } catch (error) {
    surprise(world, `say ${say}`, error);
    world.agenda.note(world.time.now() + HOUR, { kind: 'look', known });
  }
}
