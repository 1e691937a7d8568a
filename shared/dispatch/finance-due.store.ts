/** Work of money that waits for its time: listed in the ledger's index under `due`, in order of time, `<time>#<kind>#<what>`. */
import * as z from 'zod';
import { type Call, readOnce } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Key } from '../kernel/table.ts';
import { FINANCE_DUE } from './due.ts';

/** A sweep looks at so many waiting items at the most; the next one goes on. */
const MOST = 5_000;
/** Two or three things are due at a time: the first page holds them and what is next. Where it does not, each after it is five times as long. */
const FEW = 5;
const GROWS = 5;
const PAGE = 500;
const Listed = z.object({ pk: z.string(), sk: z.string(), csk: z.string() });
type Listed = z.infer<typeof Listed>;
const BY_TIME = { name: 'byCompany', pk: 'cpk', sk: 'csk' };

/** The attributes that list an item as due at `at`; removing `cpk` and `csk` takes it out. */
export const financeDueAt = (at: number, kind: string, what: string): { cpk: string; csk: string } => ({
  cpk: FINANCE_DUE,
  csk: `${timeKey(at)}#${kind}#${what}`,
});

const endOfNow = (call: Call): string => `${timeKey(call.now)}#\uffff`;
const timeIn = ({ csk }: Listed): number => Number(csk.slice(0, 15));
const kindOf = ({ csk }: Listed): string => csk.split('#')[1] ?? '';

/** The keys of items of one kind that are due by now, earliest first, and when anything at all is due next. */
export async function financeDue(call: Call, kind: string): Promise<{ due: Key[]; nextAt: number | null }> {
  const { due, nextAt } = await readDue(call);
  return { due: due.filter((one) => kindOf(one) === kind).map(({ pk, sk }) => ({ pk, sk })), nextAt };
}

/** The kinds of all that is due by now, and when anything is due next. */
export async function financeKindsDue(call: Call): Promise<{ kinds: Set<string>; nextAt: number | null }> {
  const { due, nextAt } = await readDue(call);
  return { kinds: new Set(due.map(kindOf)), nextAt };
}

/** Since when the first of what is due by now has been; null where nothing is. */
export async function firstFinanceDue(call: Call): Promise<number | null> {
  const first = (
    await call.tables.query('ledger', Listed, { index: BY_TIME, pk: FINANCE_DUE, to: endOfNow(call), limit: 1 })
  ).items[0];
  return first === undefined ? null : timeIn(first);
}

const READING = 'finance-due';
type Reading = { due: Listed[]; nextAt: number | null };

/** Read once for all parts of a run, until it is forgotten. */
const readDue = (call: Call): Promise<Reading> => readOnce(call, READING, () => readList(call));

/** Whoever asks next reads anew. */
export const forgetReading = (call: Call): void => void call.shared?.delete(READING);

/** What is due by now, earliest first, and when the first of what is not due yet is; null where nothing waits. */
async function readList(call: Call): Promise<Reading> {
  const [due, end]: [Listed[], string] = [[], endOfNow(call)];
  let after: (Key & Record<string, unknown>) | undefined;
  let limit = FEW;
  do {
    const list = { index: BY_TIME, pk: FINANCE_DUE, limit, ...(after === undefined ? {} : { after }) };
    const page = await call.tables.query('ledger', Listed, list);
    due.push(...page.items.filter((one) => one.csk <= end));
    const later = page.items.find((one) => one.csk > end);
    if (later !== undefined) return { due, nextAt: timeIn(later) };
    after = page.after;
    limit = Math.min(PAGE, limit * GROWS);
  } while (after !== undefined && due.length < MOST);
  return { due, nextAt: after === undefined ? null : await firstAfter(call, end) };
}

async function firstAfter(call: Call, end: string): Promise<number | null> {
  const later = { index: BY_TIME, pk: FINANCE_DUE, from: end, limit: 1 };
  const [first] = (await call.tables.query('ledger', Listed, later)).items;
  return first === undefined ? null : timeIn(first);
}
