import { describe, expect, it } from 'vitest';
import type { Parley } from '../../../shared/client/client.ts';
import { fromIso, HOUR, iso } from '../../../shared/kernel/time.ts';
import { newAgenda } from './agenda.ts';
import { drawsOf } from './draw.ts';
import { approvePayouts, beginFinance, booksRestAt, closeMonth } from './finance.ts';
import { monthly } from './money.oracle.ts';
import type { Event, World } from './world.ts';

const at = (instant: string) => fromIso(`${instant}:00.000Z`);

/** The market's books as a script: a close needs an approval from somebody else than its maker, then an hour. */
function scriptedBooks(begin: string) {
  let now = at(begin);
  const calls: string[] = [];
  const closes = new Map<string, { period: string; state: string; maker: string }>();
  const runs = [
    { run: 'week-2', state: 'proposed' },
    { run: 'week-1', state: 'done' },
  ];
  const answer = (who: string, name: string, path: string, init: Init): unknown => {
    const period = init.params?.path?.period ?? init.body?.period ?? '';
    calls.push(`${who} ${name} ${path} ${period}${init.params?.path?.run ?? ''}`.trim());
    const close = closes.get(period);
    if (path === '/v1/closes' && name === 'GET') return { items: [...closes.values()].reverse() };
    if (path === '/v1/closes' && close === undefined) {
      closes.set(period, { period, state: 'sweep', maker: who });
      return closes.get(period);
    }
    if (path === '/v1/closes/{period}/invoices')
      return {
        items: [{ invoice: monthly.invoice({ company: 'co_a', state: 'open', collectionMethod: 'send_invoice' }) }],
        next: null,
      };
    if (path === '/v1/closes' && close !== undefined) {
      close.state = { sweep: 'approve', invoice: 'done' }[close.state] ?? close.state;
      return close;
    }
    if (path === '/v1/closes/{period}/approve' && close !== undefined && close.maker !== who) close.state = 'invoice';
    if (path === '/v1/payout-runs') return { items: runs, next: null };
    return close;
  };
  type Init = { params?: { path?: Record<string, string> }; body?: { period?: string } };
  const client = (who: string) => {
    const method =
      (name: string) =>
      async (path: string, init: Init = {}) => ({
        data: answer(who, name, path, init),
        response: new Response(),
      });
    return { GET: method('GET'), POST: method('POST') } as unknown as Parley;
  };
  const agenda = newAgenda<Event>();
  const world = {
    draw: drawsOf(1),
    agenda,
    arrivals: [{ at: at('2024-01-03T10:00') }],
    surprises: new Map(),
    time: { now: () => now },
    directory: {
      finance: async (person: string) => client(person),
      companies: async () => [{ id: 'co_a', name: 'Acme' }],
    },
  } as unknown as World;
  const run = async (until: string) => {
    for (let next = agenda.next(); next !== null && next <= at(until); next = agenda.next()) {
      now = next;
      for (const event of agenda.take(now)) {
        if (event.kind === 'close month') await closeMonth(world, event.month, event.looks);
        if (event.kind === 'approve payouts') await approvePayouts(world);
        if (event.kind === 'pay invoice') calls.push(`${event.company} pays on ${iso(now).slice(0, 10)}`);
      }
    }
  };
  return { world, calls, closes, run };
}

describe('the market’s finance people', () => {
  it('close each month in order once it is over: one begins, the other approves', async () => {
    const { world, calls, closes, run } = scriptedBooks('2024-01-01T00:00');
    await beginFinance(world);
    await run('2024-03-02T00:00');
    expect([...closes.values()]).toEqual([
      { period: '2024-01', state: 'done', maker: 'maker' },
      { period: '2024-02', state: 'done', maker: 'maker' },
    ]);
    expect(calls.filter((call) => call.includes('/approve '))).toEqual([
      'approver POST /v1/closes/{period}/approve 2024-01',
      'approver POST /v1/closes/{period}/approve 2024-02',
    ]);
  });

  it('go on with the month that was being closed as they were interrupted', async () => {
    const { world, closes, run } = scriptedBooks('2024-03-01T05:00');
    closes.set('2024-01', { period: '2024-01', state: 'done', maker: 'maker' });
    closes.set('2024-02', { period: '2024-02', state: 'invoice', maker: 'maker' });
    await beginFinance(world);
    await run('2024-03-01T06:00');
    expect([...closes.values()].map(({ state }) => state)).toEqual(['done', 'done']);
  });

  it('companies that pay by invoice pay it once the month is closed, also after an interruption', async () => {
    const first = scriptedBooks('2024-01-01T00:00');
    await beginFinance(first.world);
    await first.run('2024-02-20T00:00');
    const paid = first.calls.filter((call) => call.startsWith('Acme pays'));
    expect(paid).toHaveLength(1);
    const again = scriptedBooks('2024-02-01T06:00');
    again.closes.set('2024-01', { period: '2024-01', state: 'done', maker: 'maker' });
    await beginFinance(again.world);
    await again.run('2024-02-20T00:00');
    expect(again.calls.filter((call) => call.startsWith('Acme pays'))).toEqual(paid);
  });

  it('the second person approves each Monday what is proposed, and nothing else', async () => {
    const { world, calls } = scriptedBooks('2024-01-01T00:00');
    await approvePayouts(world);
    const approvals = calls.filter((call) => call.includes('approval'));
    expect(approvals).toEqual(['approver POST /v1/payout-runs/{run}/approval week-2']);
    expect(world.agenda.next()).toBe(at('2024-01-08T12:00'));
  });

  it('the books rest after the Monday that follows the latest day of pay', () => {
    // January ends; 45 days later it is 16 March, a Saturday in 2024; the Monday after is the 18th.
    expect(booksRestAt(at('2024-01-20T10:00'))).toBe(at('2024-03-18T12:00') + 24 * HOUR);
  });
});
