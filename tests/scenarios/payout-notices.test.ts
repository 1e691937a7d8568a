/** What providers are told about pay, by webhook and by mail: once each, over the engine and the stand-in for Stripe. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sweepProviderNotices } from '../../functions/notices.ts';
import { DAY } from '../../shared/kernel/time.ts';
import { endOf } from '../../shared/ledger/period.ts';
import { foldBook } from '../../shared/payout/book.store.ts';
import { approveRun, makeRun, workRun } from '../../shared/payout/run.store.ts';
import { issueDocuments } from '../../shared/payout/self-billed.store.ts';
import { TestEdge } from '../support/edge.ts';
import { JANUARY, openPayWorld, type PayWorld } from '../support/payouts.ts';

let world: PayWorld;
let edge: TestEdge;
beforeAll(async () => {
  world = await openPayWorld();
  edge = new TestEdge(world.tables);
  await world.fund(10_000_000);
});
afterAll(() => world.stop());

const mails = async () => {
  await sweepProviderNotices(world.call(), edge.runtime);
  return edge.mails.splice(0);
};
async function pay(run: string): Promise<void> {
  await makeRun(world.call(), run, 'maker');
  await workRun(world.call(), run);
  await approveRun(world.call(), run, 'approver');
  await workRun(world.call(), run);
}

it('a provider is told once that it was paid and that its self-billed invoice is ready, at its own address', async () => {
  const [company, provider] = [await world.company('acme'), await world.provider('pool')];
  await world.charge({ company, provider, request: 'r1', bidMicros: 12_340_000, feeMicros: 0 });
  await world.close(JANUARY);
  const paid = { micros: 12_340_000, availableMicros: 12_340_000, finalizedAt: endOf(JANUARY) };
  await world.invoice(company, JANUARY, paid);
  world.at(endOf(JANUARY) + 31 * DAY);
  await foldBook(world.call(), provider, JANUARY, JANUARY);
  await issueDocuments(world.call(), provider, JANUARY, JANUARY);
  await pay('run-1');
  const sent = await mails();
  expect(sent.map(({ to, subject }) => [to, subject]).toSorted((a, b) => (a.join() < b.join() ? -1 : 1))).toEqual([
    ['pay@provider.example', 'You were paid 12.34 EUR'],
    ['pay@provider.example', expect.stringMatching(/^Your self-billed invoice SB-\S+ is ready$/)],
  ]);
  expect(sent.every(({ text }) => text.includes('https://parley.example/payouts'))).toBe(true);
  await workRun(world.call(), 'run-1');
  await issueDocuments(world.call(), provider, JANUARY, JANUARY);
  expect(await mails()).toEqual([]);
});

it('a mail that cannot be sent stays due, and is sent by the next sweep', async () => {
  const provider = await world.provider('late');
  const company = await world.company('beta');
  world.at(Date.UTC(2026, 3, 5));
  await world.charge({ company, provider, request: 'r2', bidMicros: 5_000_000, feeMicros: 0 });
  await world.close('2026-04');
  await foldBook(world.call(), provider, '2026-04', '2026-04');
  await issueDocuments(world.call(), provider, '2026-04', '2026-04');
  const failing = vi.spyOn(edge.runtime.mail, 'send').mockRejectedValue(new Error('no route'));
  expect(await mails()).toEqual([]);
  failing.mockRestore();
  expect(await mails()).toHaveLength(1);
});
