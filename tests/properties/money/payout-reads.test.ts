/**
 * What a run of payouts leaves unread changes nothing: whatever has become of the invoices and companies, at whatever instant,
 * it drafts line by line what it does where everything is read. Seeds are printed where one fails.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY } from '../../../shared/kernel/time.ts';
import { endOf } from '../../../shared/ledger/period.ts';
import { organisationKey } from '../../../shared/organisation/organisation.store.ts';
import { closedThrough, foldBook } from '../../../shared/payout/book.store.ts';
import type { PayLine } from '../../../shared/payout/book.ts';
import { type DraftReader, draftPayout } from '../../../shared/payout/draft.store.ts';
import { readPurses } from '../../../shared/payout/purse.store.ts';
import { Releases } from '../../../shared/payout/release.store.ts';
import { dice } from '../../support/dice.ts';
import { openPayWorld, type PayWorld } from '../../support/payouts.ts';
import { TERMS, TestMarket } from '../../support/round.ts';
import { ENGINE_SEEDS } from './runs.ts';

const WINDOWS = [7, 30, 60];
const COMPANIES = 12;
/** Each has a year of its own. */
const CASES = ENGINE_SEEDS.map((seed, place) => [seed, 2026 + place] as const);

describe('a run of payouts', () => {
  let world: PayWorld;
  let queues: string[];
  beforeAll(async () => {
    world = await openPayWorld();
    queues = [];
    for (const disputeDays of WINDOWS) {
      const market = new TestMarket(world.tables, { ...TERMS, disputeDays });
      await market.open(`window of ${disputeDays}`);
      queues.push(market.queue);
    }
  });
  afterAll(() => world.stop());

  it.each(CASES)('seed %i: drafts the same lines as where everything is read', async (seed, year) => {
    const roll = dice(seed);
    const upTo = (n: number): number => Math.floor(roll() * n);
    const [first, ...later] = [`${year}-01`, `${year}-02`, `${year}-03`] as const;
    const months = [first, ...later];
    world.at(Date.UTC(year, 0, 2));
    const name = `reads ${seed}`;
    const provider = await world.provider(name, { account: false });
    const companies: string[] = [];
    for (let n = 0; n < COMPANIES; n++) companies.push(await world.company(`${name} ${n}`));
    for (const month of months) {
      const start = Date.parse(`${month}-05T00:00:00Z`);
      for (const company of companies)
        for (let n = upTo(3); n > 0; n--) {
          world.at(start + n * DAY);
          const request = `${name} ${company} ${month} ${n}`;
          const queue = queues[upTo(queues.length)] ?? '';
          await world.charge({ company, provider, request, queue, bidMicros: 1_000_000, feeMicros: 0 });
        }
      await world.close(month);
    }
    await foldBook(world.call(), provider, first, await closedThrough(world.call()));
    const lines = { paid: 0, lost: 0 };
    for (const month of months)
      for (let days = 0; days < 75; days += 1 + upTo(12)) {
        world.at(endOf(month) + days * DAY);
        for (const company of companies.filter(() => upTo(3) === 0)) {
          const finalizedAt = endOf(month) + upTo(days + 1) * DAY;
          const state = (['open', 'open', 'paid', 'uncollectible', 'void'] as const)[upTo(5)] ?? 'open';
          const availableMicros = state === 'paid' ? 3_000_000 : upTo(3) * 1_000_000;
          const dueAt = finalizedAt + upTo(60) * DAY;
          await world.invoice(company, month, { micros: 3_000_000, availableMicros, finalizedAt, dueAt, state });
          const status = upTo(4) === 0 ? 'suspended' : 'approved';
          await world.tables.update('market', organisationKey(company), { set: { status } });
        }
        const [few, all] = [await draftOf(provider), await draftOf(provider, { onWaiting: () => undefined })];
        expect(few).toEqual(all);
        lines.paid += all.lines.length;
        lines.lost += all.lines.filter(({ because }) => because === 'written_off').length;
      }
    expect(lines.paid, 'something is payable').toBeGreaterThan(lines.lost);
    expect(lines.lost, 'something is given up').toBeGreaterThan(0);
    await world.unlist(provider);
  });

  async function draftOf(provider: string, more: DraftReader = {}) {
    const call = world.call();
    const [purse] = await readPurses(call, [provider]);
    if (purse === undefined) throw new Error('the provider has earned nothing');
    const lines: PayLine[] = [];
    const onLines = async (page: readonly PayLine[]) => void lines.push(...page);
    return { ...(await draftPayout(call, purse, new Releases(call), { onLines, ...more })), lines };
  }
});
