/** Providers' pay, from settled charges to transfers, on the engine and the stand-in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY } from '../../shared/kernel/time.ts';
import { endOf } from '../../shared/ledger/period.ts';
import { closedThrough } from '../../shared/payout/book.store.ts';
import { listPayouts, payoutLines } from '../../shared/payout/payout.store.ts';
import { approveRun, listRunLines, makeRun, readRun, workRun } from '../../shared/payout/run.store.ts';
import { JANUARY, LATE, openPayWorld, type PayWorld, START } from '../support/payouts.ts';

let world: PayWorld;
beforeAll(async () => {
  world = await openPayWorld();
});
afterAll(() => world.stop());

/** Makes, approves and pays a run. */
async function pay(run: string): Promise<void> {
  await makeRun(world.call(), run, 'maker');
  await workRun(world.call(), run);
  await approveRun(world.call(), run, 'approver');
  await workRun(world.call(), run);
}
const lineOf = async (run: string, provider: string) =>
  (await listRunLines(world.call(), run, { limit: 100 })).items.find((line) => line.provider === provider);

describe('a payout', () => {
  it('pays whole cents of what is collected once its dispute window has passed, and carries the rest', async () => {
    world.at(START);
    const [company, provider] = [await world.company('A'), await world.provider('P')];
    await world.charge({ company, provider, request: 'a1', bidMicros: 1_234_567 });
    await world.charge({ company, provider, request: 'a2', bidMicros: 2_000_000 });
    await world.close(JANUARY);
    const micros = 1_284_567 + 2_050_000;
    await world.invoice(company, JANUARY, { micros, availableMicros: micros, finalizedAt: endOf(JANUARY) });
    expect(await closedThrough(world.call())).toBe(JANUARY);
    world.at(endOf(JANUARY) + 29 * DAY);
    await world.fund(100_000);
    await pay('early');
    expect(await lineOf('early', provider)).toBeUndefined();
    world.at(endOf(JANUARY) + 30 * DAY);
    await pay('first');
    expect(await lineOf('first', provider)).toMatchObject({ state: 'paid', amountMicros: 3_230_000 });
    expect(await world.paid(provider)).toBe(3_230_000);
    expect(await world.balance(provider, '2100')).toBe(4_567);
    expect(await world.balance(provider, '2120')).toBe(0);
    const { items } = await listPayouts(world.call(), provider, { limit: 10 });
    expect(items).toMatchObject([{ state: 'paid', linesMicros: 3_234_567, carriedOutMicros: 4_567, lines: 1 }]);
    for await (const lines of payoutLines(world.call(), items[0]!))
      expect(lines).toMatchObject([{ kind: 'charges', because: 'collected', entries: 2, micros: 3_234_567 }]);
    await pay('again');
    expect(await world.paid(provider)).toBe(3_230_000);
    expect((await readRun(world.call(), 'again'))?.state).toBe('done');
  });
});
