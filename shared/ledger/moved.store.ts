/** Whose accounts have moved: for what is looked at again and again, and is as it was where nothing was posted. */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { keyText } from '../kernel/table.ts';
import { fromIso, monthOf } from '../kernel/time.ts';
import { EntryView } from './ledger.ts';
import { listPeriods } from './period.store.ts';
import { LONGEST_WRITER_MS, monthAfter, months } from './period.ts';
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
  // A month that was closed by then takes nothing more; what happened in any other stands in it, however late it came.
  const closed = (await listPeriods(call)).filter(({ closedAt }) => closedAt !== null && fromIso(closedAt) < from);
  const first = closed.reduce((newest, { period }) => (period >= newest ? monthAfter(period) : newest), '');
  const companies = new Set<string>();
  const lists = await owningLists(call);
  const wanted = lists.flatMap(({ owner, since: begin }) =>
    months(first > begin ? first : begin, monthOf(call.now)).map((period) => ({ owner, period })),
  );
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
