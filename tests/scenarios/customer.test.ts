/** What a customer may do with a link. Each test's name is the guarantee. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepErrands } from '../../functions/errands.ts';
import { erase as eraseHeld } from '../../shared/customer/erase.store.ts';
import { signLink } from '../../shared/customer/link.ts';
import { renewByMail } from '../../shared/customer/mail.store.ts';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { ERRAND_SHARDS } from '../../shared/dispatch/due.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { addNote, readOwnLease, resolveTurn } from '../../shared/dispatch/turn.store.ts';
import { readWaitRange } from '../../shared/dispatch/wait.store.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { allEntries } from '../../shared/ledger/ledger.store.ts';
import { putBranding } from '../../shared/organisation/branding.store.ts';
import { plainBranding } from '../../shared/organisation/branding.ts';
import { createQueue } from '../../shared/queue/queue.store.ts';
import { receiptOfRequest } from '../../shared/receipt/receipt.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead, readWords, viewRequest } from '../../shared/request/request.store.ts';
import { confirm, reject } from '../../shared/resolution/resolution.store.ts';
import { untilCrash } from '../support/crash.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const OTHER = 'co_bbbb000002';
const POOL = 'pr_pool000001';
const SECRET = 'My card ends in 4711';

let engine: Awaited<ReturnType<typeof startTestTables>>;
let edge: TestEdge;
let handler: unknown;
beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  ({ handler } = await import('../../functions/api/customer.ts'));
});
afterAll(() => engine.stop());

async function market(category: string): Promise<TestMarket> {
  const made = new TestMarket(engine.tables);
  await made.open(category);
  await made.commit(COMPANY, 40);
  await made.commit(OTHER, 4);
  await made.bid(POOL, 'agent_pool', { capacity: 60, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await made.advance(FEBRUARY - 23 * HOUR);
  await made.advance(FEBRUARY + MINUTE);
  made.now = SECOND_OF_FEBRUARY;
  return made;
}

const send = async (made: TestMarket, externalId: string, customer: string, company = COMPANY, queue = made.queue) =>
  must(
    await acceptRequest(
      made.call(),
      company,
      {
        externalId: `${made.queue} ${externalId}`,
        queue,
        customer,
        text: `${SECRET} ${externalId}`,
        fields: { card: '4711' },
      },
      null,
    ),
  );
async function resolveNext(made: TestMarket) {
  const { work } = await claimWork(made.call(), POOL, [made.queue], 1, Math.random);
  const id = leaseIdOf(work[0]!.lease);
  const outcome = { code: 'solved', summary: `Called about: ${SECRET}`, evidence: 'call 17' } as const;
  must(await resolveTurn(made.call(), POOL, id, outcome));
  return id;
}
const head = async (made: TestMarket, id: string) => (await readHead(made.call(), id, { consistent: true }))!;

/** A call with a link of a request, at the market's time. */
async function byLink(
  made: TestMarket,
  request: string,
  route: string,
  more: { body?: unknown; query?: Record<string, string> } = {},
) {
  edge.now = made.now;
  const token = await signLink(edge.runtime.signingKey, { request, exp: made.now + DAY });
  return edge.call(handler, route, { params: { token }, ...more });
}
const erase = (made: TestMarket, request: string) =>
  byLink(made, request, 'POST /v1/links/{token}/erase', { body: { confirm: 'erase everything' } });

describe('a customer who comes back', () => {
  it('is found on another channel and by another form of the same handle, and by nobody else’s', async () => {
    const made = await market('channels');
    const phone = must(
      await createQueue(made.call(), {
        serviceClass: { category: 'channels', channel: 'Phone', language: 'en-US', region: 'US', slaTier: 'standard' },
        currency: 'USD',
        terms: made.terms,
      }),
    ).queue.id;
    const first = await send(made, 'first', '+1 (202) 555-0123');
    await resolveNext(made);
    made.now += DAY;
    const back = await send(made, 'back', 'tel:0012025550123', COMPANY, phone);
    expect(back).toMatchObject({ isReturn: true, view: { id: first.view.id, state: 'queued', reopens: 1 } });
    expect((await send(made, 'national', '2025550123', COMPANY, phone)).isReturn).toBe(false);
    expect((await send(made, 'stranger', '+1 202 555 0123', OTHER, phone)).isReturn).toBe(false);
  });
});

describe('the wait', () => {
  it('is told from twenty measured claims on, and is sampled once in ten minutes', async () => {
    const made = await market('waits');
    const ask = await send(made, 'ask', 'asker');
    expect((await byLink(made, ask.view.id, 'GET /v1/links/{token}')).body.wait).toBeNull();
    // Those of a batch after its first are kept with the next batch.
    for (let batch = 0; batch < 4; batch++) {
      for (let i = 0; i < 8; i++) await send(made, `${batch} ${i}`, `customer ${batch} ${i}`);
      made.now += 5 * MINUTE;
      for (let i = 0; i < 8; i++) await resolveNext(made);
      await made.advance(made.now + 11 * MINUTE);
    }
    edge.machineNow += 2 * MINUTE;
    const range = await readWaitRange(made.call(), made.queue);
    expect(range!.measuredOn).toBeGreaterThanOrEqual(20);
    expect(range!.fromSeconds).toBe(300);
    // The one that is left keeps what the last batch had over; another within ten minutes of it keeps none.
    await resolveNext(made);
    const kept = (await readWaitRange(made.call(), made.queue))!.measuredOn;
    expect(kept).toBe(range!.measuredOn + 8);
    await send(made, 'soon', 'customer soon');
    made.now += MINUTE;
    await resolveNext(made);
    expect((await readWaitRange(made.call(), made.queue))!.measuredOn).toBe(kept);
  });
});

describe('a rating', () => {
  it('is taken of what is resolved until the window has passed, may be changed, and goes into the charge', async () => {
    const made = await market('ratings');
    const { view } = await send(made, 'one', 'rater');
    const put = (body: unknown) => byLink(made, view.id, 'PUT /v1/links/{token}/rating', { body });
    expect((await put({ stars: 5 })).body.code).toBe('not_resolved');
    const lease = await resolveNext(made);
    expect((await put({ stars: 6 })).status).toBe(400);
    expect((await put({ stars: 2, comment: 'slow' })).status).toBe(200);
    expect((await put({ stars: 4, comment: 'better' })).status).toBe(200);
    const shown = await byLink(made, view.id, 'GET /v1/links/{token}');
    expect(shown.body).toMatchObject({ canRate: true, rating: { stars: 4, comment: 'better' }, colour: null });
    // The terms of this market keep the window open for a week.
    expect(Date.parse(String(shown.body.judgeUntil))).toBe(made.now + 7 * DAY);
    expect((await readOwnLease(made.call(), POOL, lease))!.stars).toBe(4);
    await made.advance(made.now + 9 * DAY);
    expect((await put({ stars: 1 })).body.code).toBe('window_passed');
    const charge = (await allEntries(made.call(), COMPANY, '2026-02')).find((one) => one.facts.request === view.id);
    expect(charge!.facts.stars).toBe(4);
  });
});

describe('an export', () => {
  it('holds all that the customer has with this company, page by page, and nothing of anybody else', async () => {
    const made = await market('exports');
    const mine = await send(made, 'mine', 'Ada@Export.example');
    const lease = await resolveNext(made);
    must(await addNote(made.call(), POOL, lease, 'She called twice.'));
    await byLink(made, mine.view.id, 'PUT /v1/links/{token}/rating', { body: { stars: 3, comment: 'fine' } });
    must(await confirm(made.call(), await head(made, mine.view.id), 'customer'));
    await made.advance(made.now + 9 * DAY);
    const again = await send(made, 'again', 'ada@export.example');
    await send(made, 'theirs', 'bob@export.example');
    await send(made, 'elsewhere', 'ada@export.example', OTHER);
    const items: Record<string, unknown>[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '1', ...(cursor === null ? {} : { cursor }) };
      const page = await byLink(made, again.view.id, 'GET /v1/links/{token}/export', { query });
      expect(page.status).toBe(200);
      items.push(...(page.body.items as Record<string, unknown>[]));
      cursor = page.body.next as string | null;
    } while (cursor !== null && items.length < 10);
    expect(items.map((item) => String(item.request)).sort()).toEqual([mine.view.id, again.view.id].sort());
    expect(items.find((item) => item.request === mine.view.id)).toMatchObject({
      customer: 'Ada@Export.example',
      text: `${SECRET} mine`,
      state: 'settled',
      rating: { stars: 3, comment: 'fine' },
      messages: [{ kind: 'note', text: 'She called twice.' }],
      turns: [{ provider: POOL, summary: `Called about: ${SECRET}` }],
    });
  });
});

/** A customer with something settled, something resolved that the company had rejected once, and something open. */
async function life(made: TestMarket, customer: string) {
  const settled = (await send(made, 'settled', customer)).view.id;
  const lease = await resolveNext(made);
  must(await addNote(made.call(), POOL, lease, `Note: ${SECRET}`));
  await byLink(made, settled, 'PUT /v1/links/{token}/rating', { body: { stars: 5, comment: SECRET } });
  await made.advance(made.now + 9 * DAY);
  const resolved = (await send(made, 'resolved', customer)).view.id;
  await resolveNext(made);
  must(await reject(made.call(), await head(made, resolved), { code: 'other', text: SECRET }));
  await resolveNext(made);
  must(await confirm(made.call(), await head(made, resolved), 'customer'));
  await made.advance(made.now + 9 * DAY);
  const open = (await send(made, 'open', customer)).view.id;
  return { settled, resolved, open };
}

async function everythingOf(made: TestMarket, request: string): Promise<string> {
  const found = await byLink(made, request, 'GET /v1/links/{token}/export');
  const now = await head(made, request);
  const ids = [...now.leases, now.lease].filter((id) => id !== null);
  const leases = await Promise.all(ids.map((id) => readOwnLease(made.call(), POOL, id)));
  return JSON.stringify([found.body, now, leases]);
}

describe('an erasure', () => {
  it('leaves no word of the customer, cancels what is open, and keeps ledger, hashes and receipts', async () => {
    const made = await market('erasures');
    const { settled, resolved, open } = await life(made, 'ada@erase.example');
    const receipt = must(await receiptOfRequest(made.call(), await head(made, resolved), 'company'));
    const entries = await allEntries(made.call(), COMPANY, '2026-02');
    expect(await everythingOf(made, resolved)).toContain(SECRET);

    const first = await erase(made, open);
    expect(first.status).toBe(200);
    expect((first.body.requests as string[]).sort()).toEqual([settled, resolved, open].sort());
    for (const request of [settled, resolved, open]) {
      const left = await everythingOf(made, request);
      expect(left).not.toContain(SECRET);
      expect(left).not.toContain('@erase.example');
    }
    expect((await viewRequest(made.call(), await head(made, open))).state).toBe('cancelled');
    expect(must(await receiptOfRequest(made.call(), await head(made, resolved), 'company'))).toEqual(receipt);
    expect(await allEntries(made.call(), COMPANY, '2026-02')).toEqual(entries);
    made.now += HOUR;
    expect((await erase(made, open)).body).toEqual(first.body);
  });

  it('ends reopening and rating, finds no return, and lets the same customer begin anew', async () => {
    const made = await market('afterwards');
    const { view } = await send(made, 'one', 'eve@erase.example');
    await resolveNext(made);
    await erase(made, view.id);
    expect((await byLink(made, view.id, 'POST /v1/links/{token}/not-solved')).body.code).toBe('data_erased');
    expect((await byLink(made, view.id, 'POST /v1/links/{token}/person')).body.code).toBe('data_erased');
    expect((await byLink(made, view.id, 'PUT /v1/links/{token}/rating', { body: { stars: 1 } })).body.code).toBe(
      'data_erased',
    );
    made.now += HOUR;
    const anew = await send(made, 'two', 'eve@erase.example');
    expect(anew).toMatchObject({ isReturn: false, view: { state: 'queued' } });
    const words = await readWords(made.call(), await head(made, anew.view.id));
    expect(words!.text).toContain(SECRET);
    const again = await erase(made, anew.view.id);
    expect((again.body.requests as string[]).sort()).toEqual([view.id, anew.view.id].sort());
  });

  it('that dies at any call is ended by the sweep alone, once it was asked for', async () => {
    const made = await market('dying');
    for (const when of ['before', 'after'] as const) {
      for (let at = 2; at <= 80; at++) {
        const { view } = await send(made, `${when} ${at}`, `${when}${at}@dying.example`);
        const own = await head(made, view.id);
        const died = await untilCrash(made.tables, at, when, (tables) =>
          eraseHeld({ tables: tables.metered(), now: made.now }, edge.files, own),
        );
        made.now += 2 * MINUTE;
        // Before its second call nothing was asked for yet; then the customer asks again.
        if (at <= 2) await erase(made, view.id);
        for (let shard = 0; shard < ERRAND_SHARDS; shard++) await sweepErrands(edge.runtime, made.call(), shard);
        const words = await readWords(made.call(), own);
        expect(words, `${when} call ${at}`).toMatchObject({ customer: '', text: '', fields: {} });
        expect((await head(made, view.id)).state).toBe('cancelled');
        if (!died) break;
        expect(at, 'it never ends').toBeLessThan(80);
      }
    }
  }, 60_000);
});

describe('mail', () => {
  const renew = async (made: TestMarket, token: string) => {
    edge.now = made.now;
    return edge.call(handler, 'POST /v1/customer/link/renew', { body: { token } });
  };
  const to = (address: string) => edge.mails.filter((mail) => mail.to === address);

  it('brings a fresh link for one that has ended, to the address the request came from, once in ten minutes', async () => {
    const made = await market('renewals');
    const { view } = await send(made, 'one', 'Ada@Renew.example');
    const ended = await signLink(edge.runtime.signingKey, { request: view.id, exp: made.now - 1 });
    edge.now = made.now;
    const shut = await edge.call(handler, 'GET /v1/links/{token}', { params: { token: ended } });
    expect(shut.body.code).toBe('link_expired');
    expect((await renew(made, ended)).status).toBe(202);
    expect((await renew(made, ended)).status).toBe(202);
    expect(to('ada@renew.example')).toHaveLength(1);
    const token = /\/c\/(\S+)/.exec(to('ada@renew.example')[0]!.text)![1]!;
    expect((await edge.call(handler, 'GET /v1/links/{token}', { params: { token } })).status).toBe(200);
    made.now += 11 * MINUTE;
    await renew(made, ended);
    expect(to('ada@renew.example')).toHaveLength(2);
  });

  it('answers the same for a handle without an address, for a token that the market never signed, and after an erasure', async () => {
    const made = await market('silent');
    edge.machineNow += HOUR;
    const before = edge.mails.length;
    const { view } = await send(made, 'one', 'account 4711');
    const known = await signLink(edge.runtime.signingKey, { request: view.id, exp: made.now - 1 });
    const gone = await send(made, 'two', 'gone@renew.example');
    await erase(made, gone.view.id);
    const erased = await signLink(edge.runtime.signingKey, { request: gone.view.id, exp: made.now - 1 });
    const answers = [];
    for (const token of [known, erased, `${'x'.repeat(30)}.${'y'.repeat(30)}`]) answers.push(await renew(made, token));
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1);
    expect(edge.mails).toHaveLength(before);
    const more = [];
    for (let i = 0; i < 4; i++) more.push((await renew(made, known)).status);
    expect(more).toContain(429);
  });

  it('asks in the company’s brand whether it is solved where the company chose so, once per turn, by the sweep if need be', async () => {
    const made = await market('asked');
    await putBranding(made.call(), COMPANY, {
      ...plainBranding('Acme Bank'),
      replyTo: 'help@acme.example',
      mailWhenResolved: true,
    });
    await send(made, 'one', 'ada@asked.example');
    await resolveNext(made);
    await made.advance(made.now + 10 * MINUTE);
    await made.advance(made.now + 10 * MINUTE);
    made.now += 2 * MINUTE;
    for (let i = 0; i < 2; i++)
      for (let shard = 0; shard < ERRAND_SHARDS; shard++) await sweepErrands(edge.runtime, made.call(), shard);
    expect(to('ada@asked.example')).toMatchObject([{ fromName: 'Acme Bank', replyTo: 'help@acme.example' }]);
    await putBranding(made.call(), COMPANY, plainBranding('Acme Bank'));
  });

  it('that cannot be sent is tried again later, and given up in the end', async () => {
    const made = await market('failing');
    const { view } = await send(made, 'one', 'ada@failing.example');
    let tries = 0;
    const mail = { isConfigured: true, send: () => Promise.reject(new Error(`no ${++tries}`)) };
    await renewByMail(made.call(), view.id);
    for (let step = 0; step < 400; step++) {
      made.now += 2 * MINUTE;
      for (let shard = 0; shard < ERRAND_SHARDS; shard++)
        await sweepErrands({ ...edge.runtime, mail }, made.call(), shard);
      if (tries >= 8) break;
    }
    expect(tries).toBe(8);
    made.now += 5 * DAY;
    for (let shard = 0; shard < ERRAND_SHARDS; shard++)
      expect(await sweepErrands({ ...edge.runtime, mail }, made.call(), shard)).toEqual({ nextAt: null });
    expect(tries).toBe(8);
  });
});
