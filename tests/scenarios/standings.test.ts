/** Where everybody stands, over the real engine: whoever has how much that is not added up yet. */
import { expect, it } from 'vitest';
import { mapConcurrent } from '../../shared/kernel/call.ts';
import { DAY, MINUTE } from '../../shared/kernel/time.ts';
import { chargeEvent, post } from '../../shared/ledger/ledger.store.ts';
import { chargeLegs } from '../../shared/ledger/postings/charge.ts';
import { allStandings } from '../../shared/ledger/standing.store.ts';
import { registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { startTestTables } from '../support/engine.ts';
import { must } from '../support/round.ts';

const START = Date.parse('2026-01-12T09:00:00Z');
/** A page of a list and more, so that adding one up can stop in between. */
const EACH = 1_200;

it('finds where each stands in each currency, where one may have no more new entries than a call adds up, and all have', async () => {
  const engine = await startTestTables();
  try {
    const { tables } = engine;
    const register = async (kind: 'company' | 'provider', name: string): Promise<string> => {
      const input = kind === 'company' ? { kind, name } : { kind, name, providerKind: 'agent_pool' as const };
      return (await registerOrganisation(tables, { user: name, email: null }, input, name, START)).id;
    };
    const [first, second, provider] = [
      await register('company', 'First'),
      await register('company', 'Second'),
      await register('provider', 'Pool'),
    ];
    const owed = { [`${first} USD`]: 0, [`${first} EUR`]: 0, [`${second} USD`]: 0, [`${second} EUR`]: 0 };
    await mapConcurrent(Array.from({ length: 2 * EACH }), 16, async (_, i) => {
      const company = i % 2 === 0 ? first : second;
      const currency = i % 3 === 0 ? ('EUR' as const) : ('USD' as const);
      const rated = { priceMicros: 1_000_000 + i, bidMicros: 900_000, feeMicros: 100_000 + i, poolMicros: 0 };
      owed[`${company} ${currency}`]! += rated.priceMicros;
      const parties = { company, provider, queue: 'cards', round: 1, isRoundClosed: false };
      const event = chargeEvent(`${company}.${i}`);
      const legs = chargeLegs(rated, parties);
      const entry = { event, kind: 'charge' as const, occurredAt: START, currency, company, provider, legs, facts: {} };
      await post({ tables, now: START + i * MINUTE }, entry);
    });
    const allowance = () => ({ entries: 2 * EACH + 1 });
    const now = START + 2 * EACH * MINUTE + DAY;
    const all = must(await allStandings({ tables, now }, allowance));
    for (const currency of ['USD', 'EUR'] as const) {
      const lines = all.get(currency) ?? [];
      const unbilled = lines.filter(({ account }) => account === '1100');
      expect(Object.fromEntries(unbilled.map(({ of, closingMicros }) => [`${of} ${currency}`, closingMicros]))).toEqual(
        {
          [`${first} ${currency}`]: owed[`${first} ${currency}`],
          [`${second} ${currency}`]: owed[`${second} ${currency}`],
        },
      );
      expect(lines.reduce((sum, { closingMicros }) => sum + closingMicros, 0)).toBe(0);
    }
  } finally {
    await engine.stop();
  }
});
