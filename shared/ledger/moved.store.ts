/** Whose accounts have moved: for what is looked at again and again, and is as it was where nothing was posted. */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { keyText } from '../kernel/table.ts';
import { monthOf } from '../kernel/time.ts';
import { EntryView } from './ledger.ts';
import { closedThrough } from './period.store.ts';
import { LONGEST_WRITER_MS, monthAfter, monthBefore, months } from './period.ts';
import { owningLists } from './trial-balance.store.ts';
import { walkOf } from './walk.store.ts';

const WIDTH = 8;
const PAGE = 100;

/**
 * The companies of all entries that were posted since an instant (ms), and some minutes before it: what was read then may
 * have missed a writer. Its cost grows with the providers and with what was posted.
 */
export async function companiesMovedSince(call: Call, since: number): Promise<Set<string>> {
  const from = since - LONGEST_WRITER_MS;
  const closed = await closedThrough(call);
  const before = monthBefore(monthOf(from));
  const first = closed === null ? '' : monthAfter(closed);
  const companies = new Set<string>();
  const lists = await owningLists(call);
  // What happened in a month that was not closed stands in it, however late it was posted.
  const wanted = lists.flatMap((list) => {
    const begin = first === '' ? list.since : before < first ? before : first;
    return months(begin < list.since ? list.since : begin, monthOf(call.now)).map((period) => ({ ...list, period }));
  });
  await mapConcurrent(wanted, WIDTH, async ({ owner, period }) => {
    const take = walkOf(call, [{ side: 'provider', owner }], period, timeKey(Math.max(0, from)));
    for (let places = await take(PAGE); places.length > 0; places = await take(PAGE)) {
      const keys = places.map(({ key }) => key);
      const entries = await call.tables.getMany('ledger', keys, EntryView);
      for (const key of keys)
        for (const { of } of entries.get(keyText(key))?.legs ?? [])
          if (of?.startsWith('co_') === true) companies.add(of.split('.')[0] ?? of);
    }
  });
  return companies;
}
