/** Disputes through the API, before any invoice: held, answered, decided, by silence too. Each test's name is the guarantee. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepDisputes } from '../../shared/dispute/sweep.store.ts';
import { DAY, HOUR } from '../../shared/kernel/time.ts';
import type { StripeCall } from '../../shared/stripe-call/stripe-call.store.ts';
import { DisputedMarket } from '../support/disputes.ts';
import { startTestTables } from '../support/engine.ts';

let engine: Awaited<ReturnType<typeof startTestTables>>;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

const open = (category: string) => DisputedMarket.open(engine.tables, category);
/** Nothing in these tests is invoiced: a call to Stripe would be a mistake. */
const sweep = (made: DisputedMarket) =>
  sweepDisputes({ ...made.market.call(), stripe: undefined as unknown as StripeCall['stripe'] });
// A bid of 2.00 with a fee of 5 % and nothing for the pool: what the company pays is 2.10.
const [P, B, F] = [2_100_000, 2_000_000, 100_000];

describe('a dispute before the invoice', () => {
  it('holds what was charged and paid, is accepted by the provider’s silence, and gives all of it back', async () => {
    const made = await open('silence');
    const request = await made.settled();
    expect(await made.balance('1100', made.company.id)).toBe(P);
    const opened = await made.dispute(request);
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({
      state: 'open',
      amounts: [{ means: 'charged', wholeMicros: P, claimedMicros: P, givenBackMicros: null }],
      clock: { waitsFor: 'provider', otherwise: 'accepted' },
    });
    expect(await made.balance('1100', made.company.id)).toBe(0);
    expect(await made.balance('1110', made.company.id)).toBe(P);
    expect(await made.balance('2110', made.provider.id)).toBe(-B);
    expect(await made.balance('2300')).toBe(-F);
    // Opened on Wednesday, 2026-02-11 at 09:00: five working days later it is the next Wednesday at the same time.
    const { until } = opened.body.clock as { until: string };
    const openedAt = made.market.now;
    expect(new Date(openedAt).getUTCDay()).toBe(3);
    expect(Date.parse(until) - openedAt).toBe(7 * DAY);
    await made.advance(Date.parse(until) - 1);
    await sweep(made);
    expect(await made.balance('1110', made.company.id)).toBe(P);
    await made.advance(Date.parse(until));
    await sweep(made);
    const id = String(opened.body.id);
    const after = await made.call(made.company.token, 'GET /v1/disputes/{dispute}', { dispute: id });
    expect(after.body).toMatchObject({
      state: 'accepted',
      clock: null,
      ended: { side: 'silence' },
      amounts: [{ givenBackMicros: P }],
    });
    for (const [account, of] of [
      ['1100', made.company.id],
      ['1110', made.company.id],
      ['2100', made.provider.id],
      ['2110', made.provider.id],
      ['2300', null],
      ['4100', null],
    ] as const)
      expect(await made.balance(account, of), account).toBe(0);
  });

  it('answers the same call with the same dispute, another one with a conflict, and a stranger’s with nothing', async () => {
    const made = await open('repeat');
    const request = await made.settled();
    const first = await made.dispute(request);
    const again = await made.dispute(request);
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    const other = await made.dispute(request, { reason: { code: 'duplicate' } });
    expect([other.status, other.body.code]).toEqual([409, 'dispute_exists']);
    const rival = await open('rival');
    const dispute = String(first.body.id);
    const seen = await rival.call(rival.company.token, 'GET /v1/disputes/{dispute}', { dispute });
    expect(seen.status).toBe(404);
    const stolen = await rival.call(
      rival.company.token,
      'POST /v1/charges/{request}/dispute',
      { request },
      {
        reason: { code: 'duplicate' },
      },
    );
    expect(stolen.status).toBe(404);
    const answered = await rival.call(
      rival.provider.token,
      'POST /v1/disputes/{dispute}/answer',
      { dispute },
      {
        answer: 'accept',
      },
    );
    expect(answered.status).toBe(404);
    expect(await made.balance('1110', made.company.id)).toBe(P);
  });

  it('is contested by the provider, decided in part by the operator, and the rest is the provider’s again', async () => {
    const made = await open('part');
    const request = await made.settled();
    const dispute = String((await made.dispute(request)).body.id);
    const statement = 'The booking was corrected the same day.';
    const early = await made.call(
      made.operator,
      'POST /v1/money/disputes/{dispute}/decision',
      { dispute },
      {
        outcome: 'accept',
        reason: 'Too early.',
      },
    );
    expect(early.body.code).toBe('not_contested');
    const offer = { answer: 'accept_part', bps: 2_000, statement };
    const answered = await made.call(made.provider.token, 'POST /v1/disputes/{dispute}/answer', { dispute }, offer);
    expect(answered.body).toMatchObject({
      state: 'contested',
      amounts: [{ means: 'paid', wholeMicros: B, offeredMicros: 400_000 }],
      clock: { waitsFor: 'operator', otherwise: 'partly_accepted' },
    });
    const listed = await made.call(made.operator, 'GET /v1/money/disputes', {});
    expect((listed.body.items as { id: string }[]).map(({ id }) => id)).toContain(dispute);
    const below = await made.call(
      made.operator,
      'POST /v1/money/disputes/{dispute}/decision',
      { dispute },
      {
        outcome: 'reject',
        reason: 'No.',
      },
    );
    expect(below.body.code).toBe('share_out_of_bounds');
    const decided = await made.call(
      made.operator,
      'POST /v1/money/disputes/{dispute}/decision',
      { dispute },
      {
        outcome: 'accept',
        share: { bps: 3_333 },
        reason: 'A third was not done.',
      },
    );
    // ⌊2,100,000·0.3333⌋ = 699,930; ⌊2,000,000·0.3333⌋ = 666,600; ⌊100,000·0.3333⌋ = 33,330; x = 0.
    expect(decided.body).toMatchObject({ state: 'partly_accepted', ended: { side: 'operator' } });
    expect(await made.balance('1100', made.company.id)).toBe(P - 699_930);
    expect(await made.balance('1110', made.company.id)).toBe(0);
    expect(await made.balance('2100', made.provider.id)).toBe(-(B - 666_600));
    expect(await made.balance('2110', made.provider.id)).toBe(0);
    expect(await made.balance('4100')).toBe(-(F - 33_330));
    expect(await made.balance('2300')).toBe(0);
    const late = await made.call(
      made.provider.token,
      'POST /v1/disputes/{dispute}/answer',
      { dispute },
      {
        answer: 'accept',
      },
    );
    expect(late.body.code).toBe('dispute_answered');
  });

  it('rejected or withdrawn leaves everything as it was, and a withdrawn one can be opened anew', async () => {
    const made = await open('reversed');
    const request = await made.settled();
    const before = await made.balance('2100', made.provider.id);
    const first = String((await made.dispute(request)).body.id);
    const withdrawn = await made.call(made.company.token, 'POST /v1/disputes/{dispute}/withdraw', { dispute: first });
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn', amounts: [{ givenBackMicros: 0 }] });
    expect(await made.balance('1100', made.company.id)).toBe(P);
    expect(await made.balance('2100', made.provider.id)).toBe(before);
    const second = await made.dispute(request);
    expect(second.body.id).not.toBe(first);
    const dispute = String(second.body.id);
    await made.call(
      made.provider.token,
      'POST /v1/disputes/{dispute}/answer',
      { dispute },
      {
        answer: 'contest',
        statement: 'It was solved.',
      },
    );
    const decision = { outcome: 'reject', reason: 'The receipt shows that it was solved.' };
    const decided = await made.call(made.operator, 'POST /v1/money/disputes/{dispute}/decision', { dispute }, decision);
    expect(decided.body.state).toBe('rejected');
    for (const [account, of, micros] of [
      ['1100', made.company.id, P],
      ['1110', made.company.id, 0],
      ['2100', made.provider.id, before],
      ['2110', made.provider.id, 0],
      ['2300', null, 0],
      ['4100', null, -F],
    ] as const)
      expect(await made.balance(account, of), account).toBe(micros);
    const third = await made.dispute(request, { reason: { code: 'duplicate' } });
    expect(third.body.code).toBe('dispute_exists');
  });

  it('without the operator’s decision in time comes to what the provider offered', async () => {
    const made = await open('undecided');
    const request = await made.settled();
    const dispute = String((await made.dispute(request)).body.id);
    const offer = { answer: 'accept_part', bps: 5_000, statement: 'Half.' };
    await made.call(made.provider.token, 'POST /v1/disputes/{dispute}/answer', { dispute }, offer);
    await made.advance(made.market.now + 10 * DAY);
    await sweep(made);
    await sweep(made);
    const after = await made.call(made.provider.token, 'GET /v1/disputes/{dispute}', { dispute });
    expect(after.body).toMatchObject({ state: 'partly_accepted', amounts: [{ givenBackMicros: B / 2 }] });
    expect(await made.balance('1100', made.company.id)).toBe(P / 2);
  });

  it('takes back the SLA credit of the charge by the same share, so that nothing is given back twice', async () => {
    const made = await open('late');
    const request = await made.settled({ late: true });
    // 10 % of the price is credited: 0.21, of which the provider bears 0.20.
    expect(await made.balance('1100', made.company.id)).toBe(P - 210_000);
    const credits = await made.call(made.company.token, 'GET /v1/sla-credits', {});
    expect(credits.body.items).toMatchObject([{ request, micros: 210_000, reason: 'resolved after its deadline' }]);
    const opened = await made.dispute(request, { reason: { code: 'poor_quality' }, share: { micros: P / 2 } });
    const dispute = String(opened.body.id);
    await made.call(made.provider.token, 'POST /v1/disputes/{dispute}/answer', { dispute }, { answer: 'accept' });
    // Half of both: what is left is half of the charge less half of the credit.
    expect(await made.balance('1100', made.company.id)).toBe((P - 210_000) / 2);
    expect(await made.balance('2100', made.provider.id)).toBe(-(B - 200_000) / 2);
    expect(await made.balance('4190')).toBe(5_000);
    const view = await made.call(made.company.token, 'GET /v1/disputes/{dispute}', { dispute });
    expect(view.body.state).toBe('accepted');
  });

  it('shows both sides the same work, each from its own side', async () => {
    const made = await open('evidence');
    const request = await made.settled();
    const dispute = String((await made.dispute(request)).body.id);
    const route = 'GET /v1/disputes/{dispute}/evidence';
    const own = await made.call(made.company.token, route, { dispute });
    const theirs = await made.call(made.provider.token, route, { dispute });
    expect(own.body).toMatchObject({ receipt: { audience: 'company', price: { micros: P } }, wasLate: false });
    expect(theirs.body).toMatchObject({ receipt: { audience: 'provider', price: { micros: B } } });
    expect(theirs.body.turns).toEqual(own.body.turns);
    expect(own.body.turns).toMatchObject([{ provider: made.provider.id, summary: 'Done.', isDisputed: true }]);
  });

  it('is refused before the charge is settled', async () => {
    const made = await open('early');
    const request = await made.resolved();
    made.edge.now += HOUR;
    expect((await made.dispute(request)).status).toBe(404);
  });
});
