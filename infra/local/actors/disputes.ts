/**
 * Companies that dispute a few of their charges, providers that answer them or let the clock run out, and the operator who
 * decides what is contested. Who does what follows from the seed.
 */
import { DAY, HOUR } from '../../../shared/kernel/time.ts';
import { ask, inParallel } from './calls.ts';
import { surprise, type World } from './world.ts';

/** Charges of a company's month that are looked at, and how many of them are disputed. */
const LOOKED_AT = 20;
const DISPUTED = 0.12;
/** Disputes are opened over so many days after the month is billed. */
const OPENED_WITHIN_DAYS = 25;
const WANTS_REFUND = 0.3;
const [ACCEPTS, CONTESTS] = [0.35, 0.4];
const CODES = ['came_back', 'not_resolved', 'poor_quality', 'wrong_category'] as const;

/** Notes what companies will dispute of a month that was billed. */
export async function noteDisputes(world: World, month: string): Promise<void> {
  await inParallel(await world.directory.companies(), async ({ name, client }) => {
    const query = { period: month, limit: LOOKED_AT };
    const { items } = await ask('list charges', () => client.GET('/v1/charges', { params: { query } }));
    for (const { request } of items) {
      if (world.draw.share('disputes', request) >= DISPUTED) continue;
      const at = world.time.now() + world.draw.whole(8, OPENED_WITHIN_DAYS * 24, 'disputes at', request) * HOUR;
      world.agenda.note(at, { kind: 'dispute charge', company: name, request });
    }
  });
}

/** A company disputes a charge; its provider may answer within the next days. */
export async function disputeCharge(world: World, company: string, request: string): Promise<void> {
  const { client } = await world.directory.company(company);
  const { draw } = world;
  const code = CODES[draw.whole(0, CODES.length - 1, 'dispute reason', request)]!;
  const wants = draw.share('wants refund', request) < WANTS_REFUND ? 'refund' : 'credit';
  const body = { reason: { code }, wants } as const;
  try {
    const dispute = await ask('dispute a charge', () =>
      client.POST('/v1/charges/{request}/dispute', { params: { path: { request } }, body }),
    );
    const at = world.time.now() + draw.whole(4, 3 * 24, 'answers at', request) * HOUR;
    world.agenda.note(at, { kind: 'answer dispute', dispute: dispute.id });
  } catch (error) {
    surprise(world, 'dispute a charge', error);
  }
}

/** Whichever provider did the work accepts, contests, or says nothing. */
export async function answerDispute(world: World, dispute: string): Promise<void> {
  const share = world.draw.share('answers', dispute);
  if (share >= ACCEPTS + CONTESTS) return;
  const body =
    share < ACCEPTS
      ? ({ answer: 'accept' } as const)
      : ({ answer: 'contest', statement: 'The customer confirmed that it was solved.' } as const);
  for (const { member } of world.providers.values()) {
    const { items } = await ask('list disputes', () =>
      member.client.GET('/v1/disputes', { params: { query: { limit: 100 } } }),
    );
    if (!items.some(({ id, state }) => id === dispute && state === 'open')) continue;
    try {
      const params = { path: { dispute } };
      await ask('answer a dispute', () => member.client.POST('/v1/disputes/{dispute}/answer', { params, body }));
      if (body.answer === 'contest') world.agenda.note(world.time.now() + 4 * DAY, { kind: 'decide dispute', dispute });
    } catch (error) {
      surprise(world, 'answer a dispute', error);
    }
  }
}

/** The operator decides what is contested, one way or the other. */
export async function decideDispute(world: World, dispute: string): Promise<void> {
  const operator = await world.directory.operator();
  const outcome = world.draw.share('decides', dispute) < 0.5 ? 'accept' : 'reject';
  const body = { outcome, reason: 'Both sides and the receipt were read.' } as const;
  try {
    await ask('decide a dispute', () =>
      operator.POST('/v1/money/disputes/{dispute}/decision', { params: { path: { dispute } }, body }),
    );
  } catch (error) {
    surprise(world, 'decide a dispute', error);
  }
}
