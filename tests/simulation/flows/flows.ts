/**
 * The ways that requests go, as data: what is there before, and the steps, in each of which a fault may strike. Who sends a
 * command remembers what it was answered, and sends the same again where no answer came.
 */
import { putBudget } from '../../../shared/budget/budget.store.ts';
import { claimWork } from '../../../shared/dispatch/claim.store.ts';
import { withdrawProvider } from '../../../shared/dispatch/lane.store.ts';
import { leaseIdOf } from '../../../shared/dispatch/lease.ts';
import { comeOnline, goOffline } from '../../../shared/dispatch/offline.store.ts';
import { addNote, beat, endTurn, resolveTurn } from '../../../shared/dispatch/turn.store.ts';
import { listLeasesOf } from '../../../shared/dispatch/turn-list.store.ts';
import type { Call } from '../../../shared/kernel/call.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { DAY, HOUR, MINUTE, monthOf } from '../../../shared/kernel/time.ts';
import { acceptRequest } from '../../../shared/request/intake.store.ts';
import { readHead } from '../../../shared/request/request.store.ts';
import type { Head } from '../../../shared/request/request.ts';
import { cancel, confirm, personPlease, reopen } from '../../../shared/resolution/resolution.store.ts';
import { createEndpoint } from '../../../shared/webhook/endpoint.store.ts';
import { FEBRUARY, SECOND_OF_FEBRUARY } from '../../support/round.ts';
import type { Command, FlowStep, World } from './world.ts';

/** Awarded three at the pool, at 2.10 all-in with the fee. */
const COMPANY = 'co_aaaa000001';
/** Sends without a commitment, by overflow. */
const GUEST = 'co_gggg000002';
const POOL = 'pr_pool000001';
const OTHER = 'pr_pool000002';
/** A program, dearer than both. */
const BOT = 'pr_prog000003';
const QUEUE = 'cards-web-en-us-us-standard-usd';
/** What a request takes of a cap: the highest price that it can get, which is the program's. */
const MOST = 4_200_000;
const OUTCOME = { code: 'solved', summary: 'A new card is on its way.', evidence: 'card 1' } as const;

export type Flow = { name: string; before: readonly FlowStep[]; steps: readonly FlowStep[] };

/** The market before any request: three providers, one company with a commitment that rolls over, endpoints for all. */
export async function furnish(world: World): Promise<void> {
  const { market } = world;
  for (const tenant of [COMPANY, GUEST, POOL, OTHER, BOT]) {
    const endpoint = { url: 'https://hooks.example.com/', events: 'all' as const, description: '', enabled: true };
    await createEndpoint(market.call(), new Uint8Array(32).fill(9), tenant, endpoint, 'first');
  }
  await market.open('Cards');
  await market.commit(COMPANY, 3, { rollOver: true });
  const supply: [string, 'agent_pool' | 'automation', number, number][] = [
    [POOL, 'agent_pool', 6, 2_000_000],
    [OTHER, 'agent_pool', 5, 3_000_000],
    [BOT, 'automation', 5, 4_000_000],
  ];
  for (const [provider, kind, capacity, priceMicros] of supply)
    await market.bid(provider, kind, { capacity, tiers: [{ minVolume: 0, priceMicros }], rollOver: true });
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  // What is told of the awards is delivered.
  await world.run(pass(10 * MINUTE));
  market.now = SECOND_OF_FEBRUARY;
}

const answerOf = (result: Result<unknown, string>): string => (result.ok ? 'ok' : result.code);
const pass = (passMs: number): FlowStep => ({ name: `${passMs / MINUTE} minutes pass`, passMs });
/** Time in which what a cap holds back becomes ready. */
const released = (passMs: number): FlowStep => ({ ...pass(passMs), mayLose: 'a slot' });
const step = (name: string, command: Command, more: Partial<FlowStep> = {}): FlowStep => ({
  name,
  command,
  mayComeAtOnce: true,
  mayComeLate: true,
  ...more,
});

const create = (externalId: string, { company = COMPANY, customer = externalId } = {}): FlowStep => ({
  mayLose: company === COMPANY ? 'a slot' : 'capacity',
  ...step(`${externalId} is sent`, async (call, notes) => {
    const input = { externalId, queue: QUEUE, customer, text: `My card is lost (${externalId})`, fields: {} };
    const sent = await acceptRequest(call, company, input, null);
    if (sent.ok) notes[externalId] = sent.value.view.id;
    return sent.ok ? `${sent.value.view.id} ${sent.value.isReturn}` : sent.code;
  }),
});

/** Who lost the answer to a claim looks at what it holds before it claims again. */
const claim = (provider: string, note = 'lease'): FlowStep =>
  step(
    `${provider} claims`,
    async (call, notes) => {
      const { leases } = await listLeasesOf(call, provider, monthOf(call.now), { limit: 10 });
      const held = leases.find(({ state }) => state === 'held');
      const lease = held ?? (await claimWork(call, provider, undefined, 1, () => 0)).work[0]?.lease;
      if (lease !== undefined) notes[note] = leaseIdOf(lease);
      return lease?.request ?? 'nothing';
    },
    { mayComeAtOnce: false, mayComeLate: false },
  );

const turn = (
  name: string,
  provider: string,
  act: (call: Call, lease: string) => Promise<Result<unknown, string>>,
  note = 'lease',
) =>
  step(`${provider} ${name}`, async (call, notes) =>
    notes[note] === undefined ? 'has none' : answerOf(await act(call, notes[note])),
  );
const resolve = (provider: string, note = 'lease'): FlowStep =>
  turn('resolves', provider, (call, lease) => resolveTurn(call, provider, lease, OUTCOME), note);
const end = (provider: string, state: 'declined' | 'escalated', note = 'lease'): FlowStep =>
  turn(`hands on: ${state}`, provider, (call, lease) => endTurn(call, provider, lease, state, 'Not our field.'), note);
const heartbeat = (provider: string, hasProgress: boolean): FlowStep => ({
  ...turn('beats', provider, (call, lease) => beat(call, provider, lease, hasProgress)),
  mayComeLate: false,
});

/** A judgement of the request as it stands when it is made. */
const judge = (
  name: string,
  externalId: string,
  act: (call: Call, head: Head) => Promise<Result<unknown, string>>,
): FlowStep =>
  step(`${externalId}: ${name}`, async (call, notes) => {
    const head = await readHead(call, notes[externalId] ?? '', { consistent: true });
    return head === undefined ? 'not_found' : answerOf(await act(call, head));
  });
const solved = (externalId: string): FlowStep =>
  judge('solved', externalId, (call, head) => confirm(call, head, 'customer'));
const notSolved = (externalId: string): FlowStep => ({
  ...judge('not solved', externalId, (call, head) => reopen(call, head, 'customer')),
  mayComeLate: false,
});

const cap = (requests: number, beyond: 'refuse' | 'hold'): FlowStep => ({
  ...step(`a cap of ${requests}`, async (call) =>
    answerOf(await putBudget(call, COMPANY, { currency: 'USD', capMicros: requests * MOST, beyond })),
  ),
  mayComeLate: false,
});

/** As its API does: the message only hurries. */
const offline = (provider: string): FlowStep => ({
  ...step(`${provider} goes offline`, async (call, _notes, process) => {
    await goOffline(call, provider, null, false);
    await process.send('sweeps', [{ kind: 'provider', provider }]).catch(() => undefined);
    return 'ok';
  }),
  mayComeLate: false,
});
const online = (provider: string): FlowStep =>
  step(`${provider} comes online`, async (call) => {
    await comeOnline(call, provider, null);
    return 'ok';
  });
const withdraw = (queue: string, provider: string): FlowStep =>
  step(`${provider} is withdrawn`, async (call) => {
    await withdrawProvider(call, COMPANY, queue, provider);
    return 'ok';
  });

/** After every flow: what is resolved is assumed and settled, what is told is delivered. */
export const REST: readonly FlowStep[] = [pass(8 * MINUTE), pass(4 * DAY), pass(8 * DAY)];

export const FLOWS: readonly Flow[] = (() => {
  const held = [create('first'), claim(POOL)];
  const resolved = [...held, resolve(POOL)];
  const flow = (name: string, before: readonly FlowStep[], ...steps: readonly FlowStep[]): Flow => ({
    name,
    before,
    steps,
  });
  return [
    flow('create', [], create('first'), create('second')),
    flow('return to what was resolved', resolved, create('again', { customer: 'first' }), claim(POOL), resolve(POOL)),
    flow('return to what is open', held, create('again', { customer: 'first' })),
    flow(
      'claim',
      [create('first'), create('second')],
      claim(POOL),
      resolve(POOL),
      claim(POOL, 'next'),
      resolve(POOL, 'next'),
    ),
    flow('heartbeat', held, pass(4 * MINUTE), heartbeat(POOL, true), pass(4 * MINUTE), resolve(POOL)),
    flow(
      'no progress',
      [...held, pass(4 * MINUTE), heartbeat(POOL, false), pass(4 * MINUTE), heartbeat(POOL, false), pass(4 * MINUTE)],
      heartbeat(POOL, false),
      claim(POOL),
      resolve(POOL),
    ),
    flow('resolve', held, resolve(POOL)),
    flow(
      'a note',
      held,
      turn('notes', POOL, (call, lease) => addNote(call, POOL, lease, 'Called back.')),
    ),
    flow('decline', held, end(POOL, 'declined'), claim(OTHER), resolve(OTHER)),
    flow('escalate', held, end(POOL, 'escalated'), claim(OTHER), resolve(OTHER)),
    flow('lost', held, pass(7 * MINUTE), claim(POOL), resolve(POOL)),
    flow(
      'lane change',
      [create('first')],
      pass(36 * HOUR),
      claim(OTHER, 'none'),
      pass(MINUTE),
      claim(OTHER),
      resolve(OTHER),
    ),
    flow('unserved', [create('first')], pass(49 * HOUR)),
    flow('overflow', [], create('beyond', { company: GUEST }), claim(POOL), resolve(POOL)),
    flow('cap: take', [cap(10, 'refuse')], create('first'), create('second'), pass(DAY)),
    flow('cap: refuse', [cap(1, 'refuse'), create('first')], create('second'), pass(DAY)),
    flow(
      'cap: held back until it is raised',
      [cap(1, 'hold'), create('first')],
      create('second'),
      cap(10, 'hold'),
      released(MINUTE),
      claim(POOL),
      resolve(POOL),
    ),
    flow(
      'cap: held back until the month turns',
      [cap(2, 'hold'), create('first'), create('second'), create('third'), pass(26 * DAY)],
      released(15 * HOUR + MINUTE),
      claim(POOL),
      resolve(POOL),
    ),
    flow('confirm', resolved, solved('first')),
    flow('assume', resolved, pass(8 * MINUTE), pass(73 * HOUR)),
    flow('reopen', resolved, notSolved('first'), claim(POOL), resolve(POOL)),
    flow('reopen what was confirmed', [...resolved, solved('first')], notSolved('first'), claim(POOL), resolve(POOL)),
    flow('settle', [...resolved, solved('first'), pass(8 * MINUTE), pass(4 * DAY)], pass(4 * DAY)),
    flow(
      'settle what came late',
      [
        create('first'),
        pass(48 * HOUR - 2 * MINUTE),
        claim(POOL),
        pass(4 * MINUTE),
        resolve(POOL),
        pass(8 * MINUTE),
        pass(4 * DAY),
      ],
      pass(4 * DAY),
    ),
    flow(
      'cancel',
      held,
      judge('cancelled', 'first', (call, head) => cancel(call, head, 'company')),
    ),
    flow(
      'a person please',
      [create('beyond', { company: GUEST })],
      { ...judge('a person please', 'beyond', personPlease), mayComeLate: false },
      claim(POOL),
      resolve(POOL),
    ),
    flow(
      'offline',
      [create('first'), create('second'), claim(POOL)],
      offline(POOL),
      pass(8 * MINUTE),
      online(POOL),
      claim(OTHER),
      resolve(OTHER),
    ),
    flow(
      'withdrawal',
      [create('first'), create('second'), claim(POOL)],
      withdraw(QUEUE, POOL),
      pass(MINUTE),
      heartbeat(POOL, true),
      pass(7 * MINUTE),
      claim(OTHER),
      resolve(OTHER),
    ),
  ];
})();
