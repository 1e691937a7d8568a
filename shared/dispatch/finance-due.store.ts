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

const endOfNow = (call: Call): string => `${timeKey(call.now)}#\uffff`;
const timeIn = ({ csk }: z.infer<typeof Listed>): number => Number(csk.slice(0, 15));
const kindOf = ({ csk }: z.infer<typeof Listed>): string => csk.split('#')[1] ?? '';

/** The keys of items of one kind that are due by now, earliest first, and when anything at all is due next. */
export async function financeDue(call: Call, kind: string): Promise<{ due: Key[]; nextAt: number | null }> {
  const due: Key[] = [];
  for await (const page of pagesDue(call)) {
    due.push(...page.filter((one) => kindOf(one) === kind).map(({ pk, sk }) => ({ pk, sk })));
    if (due.length >= MOST) break;
  }
  return { due, nextAt: await financeWaits(call) };
}

/** The kinds of all that is due by now. */
export async function financeKindsDue(call: Call): Promise<Set<string>> {
  const kinds = new Set<string>();
  for await (const page of pagesDue(call)) for (const one of page) kinds.add(kindOf(one));
  return kinds;
}

/** Since when the first of what is due by now has been; null where nothing is. */
export async function firstFinanceDue(call: Call): Promise<number | null> {
  const first = (
    await call.tables.query('ledger', Listed, { index: BY_TIME, pk: FINANCE_DUE, to: endOfNow(call), limit: 1 })
  ).items[0];
  return first === undefined ? null : timeIn(first);
}

/** When the first of what is not due yet is; null where nothing waits. */
export async function financeWaits(call: Call): Promise<number | null> {
  const later = { index: BY_TIME, pk: FINANCE_DUE, from: endOfNow(call), limit: 1 };
  const [first] = (await call.tables.query('ledger', Listed, later)).items;
  return first === undefined ? null : timeIn(first);
}

async function* pagesDue(call: Call): AsyncGenerator<z.infer<typeof Listed>[]> {
  let after: (Key & Record<string, unknown>) | undefined;
  do {
    const page = await call.tables.query('ledger', Listed, {
      index: BY_TIME,
      pk: FINANCE_DUE,
      to: endOfNow(call),
      limit: 500,
      ...(after === undefined ? {} : { after }),
    });
    yield page.items;
    after = page.after;
  } while (after !== undefined);
}
