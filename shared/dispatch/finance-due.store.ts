/** Work of money that waits for its time: listed in the ledger's index under `due`, in order of time, `<time>#<kind>#<what>`. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Key } from '../kernel/table.ts';
import { FINANCE_DUE } from './due.ts';

/** A sweep looks at so many waiting items at the most; the next one goes on. */
const MOST = 5_000;
const Listed = z.object({ pk: z.string(), sk: z.string(), csk: z.string() });
const BY_TIME = { name: 'byCompany', pk: 'cpk', sk: 'csk' };

/** The attributes that list an item as due at `at`; removing `cpk` and `csk` takes it out. */
export const financeDueAt = (at: number, kind: string, what: string): { cpk: string; csk: string } => ({
  cpk: FINANCE_DUE,
  csk: `${timeKey(at)}#${kind}#${what}`,
});

/** The keys of items of one kind that are due by now, earliest first, and when anything at all is due next. */
export async function financeDue(call: Call, kind: string): Promise<{ due: Key[]; nextAt: number | null }> {
  const to = `${timeKey(call.now)}#\uffff`;
  const due: Key[] = [];
  let after: (Key & Record<string, unknown>) | undefined;
  do {
    const page = await call.tables.query('ledger', Listed, {
      index: BY_TIME,
      pk: FINANCE_DUE,
      to,
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    due.push(...page.items.filter(({ csk }) => csk.split('#')[1] === kind).map(({ pk, sk }) => ({ pk, sk })));
    after = page.after;
  } while (after !== undefined && due.length < MOST);
  return { due, nextAt: await firstAt(call, to) };
}

/** When the first of all that waits is due, which may be over; null where nothing waits. */
export const financeWaits = (call: Call): Promise<number | null> => firstAt(call);

async function firstAt(call: Call, from?: string): Promise<number | null> {
  const index = { index: BY_TIME, pk: FINANCE_DUE, limit: 1 };
  const found = await call.tables.query('ledger', Listed, { ...index, ...(from === undefined ? {} : { from }) });
  const [first] = found.items;
  return first === undefined ? null : Number(first.csk.slice(0, 15));
}
