/** The thread over the stores: said once, seen by whom it is for, worked by the playbook, erased without losing its hash. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderFiles } from '../../infra/local/files.ts';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { readRules } from '../../shared/dispatch/company-rules.store.ts';
import { readLease } from '../../shared/dispatch/lease.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { addNote, beat, endTurn, resolveTurn } from '../../shared/dispatch/turn.store.ts';
import { mapConcurrent } from '../../shared/kernel/call.ts';
import { canonicalJson, sha256Hex } from '../../shared/kernel/hash.ts';
import { DAY, HOUR, iso, MINUTE } from '../../shared/kernel/time.ts';
import { putPlaybook, readPlaybook, readVersion } from '../../shared/playbook/playbook.store.ts';
import { PlaybookInput } from '../../shared/playbook/playbook.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead, readOwnHead, readWords, viewRequest } from '../../shared/request/request.store.ts';
import { confirm } from '../../shared/resolution/resolution.store.ts';
import { listAccess, noteAccess } from '../../shared/thread/access.store.ts';
import { accessForCustomer } from '../../shared/thread/access.ts';
import { eraseThread, exportThread } from '../../shared/thread/erase.store.ts';
import { shownWords } from '../../shared/thread/shown.ts';
import { addMessage, allMessages, listMessages } from '../../shared/thread/thread.store.ts';
import { CUSTOMER, threadHash, type Who } from '../../shared/thread/thread.ts';
import { readTurn, sayInTurn } from '../../shared/thread/turn-thread.store.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const POOL = 'pr_pool000001';
const OTHER = 'pr_pool000002';
const AGENT: Who = { author: 'agent', tenant: POOL, user: 'grace' };
const OPERATOR: Who = { author: 'company', tenant: COMPANY, user: 'ada' };

let engine: Awaited<ReturnType<typeof startTestTables>>;
let made: TestMarket;
let serial = 0;
beforeAll(async () => {
  engine = await startTestTables();
  made = new TestMarket(engine.tables);
  await made.open('threads');
  await made.commit(COMPANY, 60);
  await made.bid(POOL, 'agent_pool', { capacity: 60, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await made.bid(OTHER, 'agent_pool', { capacity: 90, tiers: [{ minVolume: 0, priceMicros: 3_000_000 }] });
  await made.advance(FEBRUARY - 23 * HOUR);
  await made.advance(FEBRUARY + MINUTE);
  made.now = SECOND_OF_FEBRUARY;
}, 120_000);
afterAll(() => engine.stop());

async function request(text = 'Hello', fields: Record<string, string> = {}): Promise<string> {
  const externalId = `r${++serial}`;
  const input = { externalId, queue: made.queue, customer: `c${serial}@example.com`, text, fields };
  return must(await acceptRequest(made.call(), COMPANY, input, null)).view.id;
}
/** The turn of a request; what else waits is claimed with it and stays held. */
async function claimed(request: string, provider = POOL, user: string | null = 'grace') {
  for (let tries = 0; tries < 10; tries++) {
    const { work } = await claimWork(made.call(), provider, [made.queue], 10, Math.random, user);
    const found = work.find(({ head }) => head.id === request);
    if (found !== undefined) return { ...found, id: leaseIdOf(found.lease) };
  }
  throw new Error(`${provider} did not find ${request}`);
}
const message = (externalId: string, text: string) => ({ externalId, kind: 'message' as const, text, attachments: [] });
const say = (who: Who, id: string, key: string, text: string) =>
  addMessage(made.call(), id, who, { key, kind: 'message', text });
const texts = async (id: string) =>
  (await allMessages(made.call(), id)).map((one) => `${one.author} ${one.kind}: ${one.text}`);

describe('a message', () => {
  it('is there once however often it is sent, with the time of the first, and other content is a named conflict', async () => {
    const id = await request();
    const first = must(await say(CUSTOMER, id, 'a', 'Any news?'));
    made.now += MINUTE;
    expect(must(await say(CUSTOMER, id, 'a', 'Any news?'))).toEqual(first);
    expect(await say(CUSTOMER, id, 'a', 'Other news?')).toMatchObject({ ok: false, code: 'message_conflict' });
    // The same name from another author is another message.
    must(await say(OPERATOR, id, 'a', 'We look into it.'));
    expect(await texts(id)).toEqual(['customer message: Any news?', 'company message: We look into it.']);
  });

  it.each(['before', 'after'] as const)(
    'is there once after a crash %s any of its calls, when it is sent again',
    async (when) => {
      const id = await request();
      for (let at = 1, crashed = true; crashed; at++) {
        crashed = await untilCrash(made.tables, at, when, (tables) =>
          addMessage({ tables, now: made.now + at }, id, CUSTOMER, { key: 'x', kind: 'message', text: 'Once' }),
        );
      }
      must(await addMessage(made.call(made.now + MINUTE), id, CUSTOMER, { key: 'x', kind: 'message', text: 'Once' }));
      expect(await texts(id)).toEqual(['customer message: Once']);
    },
  );

  it('costs two write units, and nothing where nobody says anything', async () => {
    const id = await request();
    const call = made.call();
    must(await addMessage(call, id, CUSTOMER, { key: 'a', kind: 'message', text: 'Hello again' }));
    expect(call.tables.consumed.writeUnits).toBe(2);
  });

  it('of 1,200 is found in pages in either direction, in order and without gaps', async () => {
    const id = await request();
    const numbers = Array.from({ length: 1_200 }, (_, i) => i);
    await mapConcurrent(numbers, 16, (i) =>
      addMessage({ tables: made.tables, now: made.now + i }, id, CUSTOMER, {
        key: `${i}`,
        kind: 'message',
        text: `${i}`,
      }),
    );
    for (const order of ['oldest', 'newest'] as const) {
      const seen: string[] = [];
      for (let after: { pk: string; sk: string } | undefined, more = true; more; more = after !== undefined) {
        const page = await listMessages(made.call(), id, { limit: 100, order, ...(after ? { after } : {}) });
        seen.push(...page.items.map(({ text }) => text));
        after = page.after;
      }
      expect(seen).toEqual((order === 'oldest' ? numbers : [...numbers].reverse()).map(String));
    }
    const since = await listMessages(made.call(), id, { limit: 10, since: made.now + 1_195 });
    expect(since.items.map(({ text }) => text)).toEqual(['1195', '1196', '1197', '1198', '1199']);
  }, 120_000);

  it('of a customer on a resolved request is shown and changes nothing of where it stands', async () => {
    const id = await request();
    const turn = await claimed(id);
    must(await resolveTurn(made.call(), POOL, turn.id, { code: 'solved', summary: 'Done.', evidence: '' }));
    must(await say(CUSTOMER, id, 'late', 'Thank you!'));
    const head = (await readOwnHead(made.call(), COMPANY, id))!;
    expect((await viewRequest(made.call(), head)).state).toBe('resolved');
    must(await confirm(made.call(), head, 'customer'));
    expect(await texts(id)).toEqual(['customer message: Thank you!']);
  });
});

describe('a customer who comes back', () => {
  it.each(['before', 'after'] as const)(
    'has what they say now in the thread of the first request, once, after a crash %s any call',
    async (when) => {
      const first = await request('My card was charged.');
      const back = {
        externalId: `back${++serial}`,
        queue: made.queue,
        customer: `c${serial - 1}@example.com`,
        fields: {},
      };
      const input = { ...back, text: 'It was charged again!' };
      for (let at = 1, crashed = true; crashed; at++)
        crashed = await untilCrash(made.tables, at, when, (tables) =>
          acceptRequest({ tables, now: made.now + at }, COMPANY, input, null),
        );
      const again = must(await acceptRequest(made.call(made.now + MINUTE), COMPANY, input, null));
      expect(again).toMatchObject({ isReturn: true, view: { id: first } });
      expect(await texts(first)).toEqual(['customer message: It was charged again!']);
    },
  );
});

describe('a turn', () => {
  it('counts what its provider says as progress and keeps the lease', async () => {
    const { id } = await claimed(await request());
    for (let i = 0; i < 4; i++) {
      made.now += 4 * MINUTE;
      must(await sayInTurn(made.call(), POOL, AGENT, id, message(`m${i}`, 'Still at it.')));
    }
    must(await beat(made.call(), POOL, id, false));
    expect(await readLease(made.call(), id)).toMatchObject({ state: 'held', progressAt: made.now });
    must(await endTurn(made.call(), POOL, id, 'lost', 'test over'));
  });

  it('lets nobody else say anything in it, nor its provider once it has ended; what was taken is answered again', async () => {
    const id = await request();
    const turn = await claimed(id);
    expect(await sayInTurn(made.call(), OTHER, AGENT, turn.id, message('a', 'x'))).toMatchObject({ code: 'not_found' });
    const said = must(await sayInTurn(made.call(), POOL, AGENT, turn.id, message('a', 'I ask the bank.')));
    made.now += 1;
    must(await endTurn(made.call(), POOL, turn.id, 'escalated', 'The bank must decide.'));
    expect(must(await sayInTurn(made.call(), POOL, AGENT, turn.id, message('a', 'I ask the bank.')))).toEqual(said);
    expect(await sayInTurn(made.call(), POOL, AGENT, turn.id, message('b', 'More'))).toMatchObject({
      code: 'lease_ended',
    });
    expect(await texts(id)).toEqual(['agent message: I ask the bank.', 'agent note: The bank must decide.']);
  });

  it('reads the thread as it stood at its end, the next one all of it, and nothing once the reopen window has passed', async () => {
    const turn = await claimed(await request());
    must(await endTurn(made.call(), POOL, turn.id, 'declined', 'Not ours.'));
    const endedAt = made.now;
    made.now += MINUTE;
    expect(must(await readTurn(made.call(), POOL, turn.id)).until).toBe(endedAt);
    const next = await claimed(turn.lease.request, OTHER, 'key:k1');
    expect(must(await readTurn(made.call(), OTHER, next.id)).until).toBe(made.now);
    expect(await readTurn(made.call(), OTHER, turn.id)).toMatchObject({ code: 'not_found' });
    const later = made.call(endedAt + 8 * DAY);
    expect(await readTurn(later, POOL, turn.id)).toMatchObject({ code: 'window_passed' });
    must(await endTurn(made.call(), OTHER, next.id, 'lost', 'test over'));
  });

  it('keeps a result that comes late, and a note sent twice once', async () => {
    const id = await request();
    const turn = await claimed(id);
    must(await endTurn(made.call(), POOL, turn.id, 'lost', 'gone'));
    const outcome = { code: 'solved', summary: 'Paid out.', evidence: 'Booking 4711' } as const;
    for (let i = 0; i < 2; i++)
      expect(await resolveTurn(made.call(), POOL, turn.id, outcome)).toMatchObject({ code: 'lease_ended' });
    made.now += 1;
    for (let i = 0; i < 2; i++) must(await addNote(made.call(), POOL, turn.id, 'By the way'));
    expect(await texts(id)).toEqual(['agent note: Paid out.\n\nBooking 4711', 'agent note: By the way']);
  });
});

const playbook = (more: Partial<PlaybookInput> = {}) =>
  PlaybookInput.parse({ sections: [{ title: 'Tone', markdown: 'Be *kind*.' }], ...more });

describe('a playbook', () => {
  const queue = () => made.queue;
  it('has versions that are kept; a turn is worked and shown by the one it was claimed under', async () => {
    const fields = { name: 'Ada Lovelace', plan: 'gold', iban: 'DE89370400440532013000' };
    const before = await claimed(await request('Ada here, ada@example.com', fields));
    expect(before.lease.playbook).toBeNull();
    expect(shownWords(before.shows, before.words)).toEqual({
      text: '[name] here, [e-mail]',
      fields: { name: '[name]', plan: 'gold', iban: '[IBAN]' },
    });
    const one = must(
      await putPlaybook(
        made.call(),
        COMPANY,
        queue(),
        playbook({ shows: { fields: ['plan'], personalData: true, attachments: false } }),
      ),
    );
    expect(one.version).toBe(1);
    const under = await claimed(await request('Ada here, ada@example.com', fields));
    expect(under.lease.playbook).toBe(1);
    expect(shownWords(under.shows, under.words)).toEqual({
      text: 'Ada here, ada@example.com',
      fields: { plan: 'gold' },
    });
    const two = must(await putPlaybook(made.call(), COMPANY, queue(), playbook({ replaces: 1 })));
    expect(two.version).toBe(2);
    expect(must(await readTurn(made.call(), POOL, under.id)).shows.fields).toEqual(['plan']);
    expect(must(await readTurn(made.call(), POOL, before.id)).shows).toEqual({
      fields: 'all',
      personalData: false,
      attachments: true,
    });
    expect(await readVersion(made.call(), COMPANY, queue(), 1)).toEqual(one);
    expect(await readPlaybook(made.call(), COMPANY, queue())).toEqual(two);
    for (const turn of [before, under]) must(await endTurn(made.call(), POOL, turn.id, 'lost', 'test over'));
  });

  it('is the same version for the same content, and refuses what was written from another', async () => {
    const company = 'co_solo000001';
    const first = must(await putPlaybook(made.call(), company, queue(), playbook()));
    expect(must(await putPlaybook(made.call(made.now + HOUR), company, queue(), playbook()))).toEqual(first);
    expect(
      await putPlaybook(
        made.call(),
        company,
        queue(),
        playbook({ links: [], actions: [{ name: 'Refund', rule: 'up to 20 EUR' }], replaces: 3 }),
      ),
    ).toMatchObject({
      code: 'playbook_changed',
      extra: { version: 1 },
    });
    const racers = await Promise.all(
      ['x', 'y'].map((name) =>
        putPlaybook(made.call(), company, queue(), playbook({ actions: [{ name, rule: 'r' }], replaces: 1 })),
      ),
    );
    expect(racers.filter((one) => one.ok)).toHaveLength(1);
  });

  it('takes only links by https, and costs a claim not one read more', async () => {
    expect(PlaybookInput.safeParse({ links: [{ title: 'x', url: 'http://example.com' }] }).success).toBe(false);
    expect(PlaybookInput.safeParse({ links: [{ title: 'x', url: 'javascript:alert(1)' }] }).success).toBe(false);
    // A process with nothing in memory reads a company's rules, which it did for withdrawals alone, at the same cost.
    const units = async (company: string) => {
      const call = new TestMarket(engine.tables).call();
      const { playbooks } = await readRules(call, company);
      return [playbooks.size, call.tables.consumed.readUnits];
    };
    must(await putPlaybook(made.call(), 'co_read000001', queue(), playbook()));
    const [none, withoutRules] = await units('co_none000001');
    expect(none).toBe(0);
    // Amazon's engine for one machine reports nothing for an empty read; the service and ours report 0.5.
    expect(withoutRules).toBeLessThanOrEqual(0.5);
    expect(await units('co_read000001')).toEqual([1, 0.5]);
  });
});

describe('the access log', () => {
  it('has each look once an hour, and every claim, and shows the customer roles and numbers instead of ids', async () => {
    const id = await request();
    const turn = await claimed(id);
    for (let i = 0; i < 3; i++) await noteAccess(made.call(made.now + i), id, AGENT, 'thread');
    await noteAccess(made.call(made.now + HOUR), id, AGENT, 'thread');
    await noteAccess(made.call(made.now + 5), id, OPERATOR, 'thread');
    await noteAccess(made.call(), id, CUSTOMER, 'thread');
    const head = (await readHead(made.call(), id))!;
    const found = await listAccess(made.call(), head);
    expect(found.map(({ who, user, what, at }) => [who, user, what, at - made.now])).toEqual([
      ['agent', 'grace', 'thread', 0],
      ['agent', 'grace', 'words', 0],
      ['company', 'ada', 'thread', 5],
      ['agent', 'grace', 'thread', HOUR],
    ]);
    const shown = accessForCustomer(found, { id: COMPANY, name: 'Analytical Bank' });
    expect(new Set(shown.map(({ who }) => who))).toEqual(new Set(['Provider 1', 'Analytical Bank']));
    expect(JSON.stringify(shown)).not.toMatch(/grace|ada|pr_pool/);
    must(await endTurn(made.call(), POOL, turn.id, 'lost', 'test over'));
  });

  it('costs one write for the first look of an hour and none for those after', async () => {
    const id = await request();
    const call = made.call();
    for (let i = 0; i < 5; i++) await noteAccess(call, id, AGENT, 'words');
    expect(call.tables.consumed.writeUnits).toBe(1);
  });
});

describe('the hash of a thread', () => {
  it('is the chain that its definition says, worked out here by hand', async () => {
    const id = await request();
    must(await say(CUSTOMER, id, 'a', 'Hello'));
    made.now += 1;
    must(await say(OPERATOR, id, 'b', 'Good day'));
    const all = await allMessages(made.call(), id);
    let hash = '0'.repeat(64);
    for (const one of all) {
      const contentHash = await sha256Hex(`{"attachments":[],"text":${JSON.stringify(one.text)}}`);
      const link = { at: one.at, author: one.author, contentHash, id: one.id, kind: 'message', tenant: one.tenant };
      hash = await sha256Hex(hash + canonicalJson(link));
    }
    expect(await threadHash(all)).toBe(hash);
    expect(await threadHash([...all].reverse())).not.toBe(hash);
  });

  it('stays when everything said is erased: words, texts and files are gone, again after a crash anywhere', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-erase-'));
    const files = folderFiles(folder, new Uint8Array(32));
    const id = await request('My secret', { pin: '1234' });
    must(await say(CUSTOMER, id, 'a', 'Another secret'));
    const before = (await exportThread(made.call(), id))!;
    expect(before).toMatchObject({ words: { text: 'My secret' }, messages: [{ text: 'Another secret' }] });
    for (let at = 1, crashed = true; crashed; at++)
      crashed = await untilCrash(made.tables, at, 'after', (tables) =>
        eraseThread({ tables, now: made.now }, files, id, 'customer'),
      );
    const after = (await exportThread(made.call(), id))!;
    expect(JSON.stringify(after)).not.toMatch(/secret|1234|example\.com/);
    expect(after.messages[0]).toMatchObject({ erasedAt: made.now, text: '' });
    expect(await threadHash(after.messages)).toBe(await threadHash(before.messages));
    const head = (await readHead(made.call(), id))!;
    expect(await readWords(made.call(), head)).toMatchObject({ customer: '', fields: {} });
    expect(iso(after.messages[0]!.at)).toBe(iso(before.messages[0]!.at));
    rmSync(folder, { recursive: true, force: true });
  });
});
