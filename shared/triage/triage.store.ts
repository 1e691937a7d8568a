/**
 * What a company has said of texts: `TR#<company>` / `-` counts its corrections, `TR#<company>` / `<number mod 256>` keeps
 * the newest 256. A company's choices: the queues of its commitments and awards, from the owner index.
 */
import * as z from 'zod';
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { shortHash } from '../kernel/hash.ts';
import { ABSENT, type Condition, type Key, type Write } from '../kernel/table.ts';
import { iso, MINUTE } from '../kernel/time.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import { featuresOf, wordsOf } from './features.ts';
import { type Named, ready } from './judge.ts';
import type { Model } from './model.ts';
import { sketchFromText, sketchOf, sketchText, tellingBy } from './sketch.ts';
import { type Choices, type CorrectionsView, MOST_CORRECTIONS } from './triage.ts';

const Counter = z.object({
  /** The number of the newest correction. */
  last: z.int(),
  /** Corrections up to this number were taken back. */
  from: z.int(),
});
type Counter = z.infer<typeof Counter>;
const Kept = z.object({ serial: z.int(), hash: z.string(), category: z.string(), sketch: z.string(), at: z.number() });
type Kept = z.infer<typeof Kept>;
const KeptItem = Kept.extend({ pk: z.string(), sk: z.string() });

const NOTHING: Counter = { last: 0, from: 0 };
const partition = (company: string): string => `TR#${company}`;
const counterKey = (company: string): Key => ({ pk: partition(company), sk: '-' });
const placeOf = (company: string, serial: number): Key => ({
  pk: partition(company),
  sk: String(serial % MOST_CORRECTIONS).padStart(3, '0'),
});
/** Tries of one write while other corrections of the same company come between reading and writing. */
const MOST_TRIES = 6;

/** Texts with the same words have the same hash; it says nothing of another company's. */
const hashOf = (company: string, text: string): Promise<string> => shortHash(`${company}#${wordsOf(text).join(' ')}`);

async function readKept(call: Call, company: string, { from }: Counter): Promise<Kept[]> {
  const page = { pk: partition(company), from: '000', to: '999', consistent: true };
  const all = await call.tables.queryAll('requests', Kept, page, MOST_CORRECTIONS);
  // Of a text that was corrected twice, the newer correction counts.
  const byText = new Map<string, Kept>();
  for (const kept of all.filter(({ serial }) => serial > from).sort((a, b) => a.serial - b.serial))
    byText.set(kept.hash, kept);
  return [...byText.values()].sort((a, b) => a.serial - b.serial);
}

/**
 * Remembers texts with their categories, the newest 256 of a company; what it knows already is not written again, so the
 * call can be repeated. Four write units per text.
 */
export async function addCorrections(
  call: Call,
  company: string,
  corrections: readonly { text: string; category: string }[],
  model: Model | null,
): Promise<void> {
  const telling = tellingBy(model?.vocabulary);
  // The last word on a text within one call is the one that counts.
  const wanted = new Map<string, Omit<Kept, 'serial'>>();
  for (const { text, category } of corrections) {
    const hash = await hashOf(company, text);
    wanted.set(hash, { hash, category, sketch: sketchText(sketchOf(featuresOf(text), telling)), at: call.now });
  }
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const counter = await call.tables.get('requests', counterKey(company), Counter, { consistent: true });
    const known = new Map(
      (await readKept(call, company, counter ?? NOTHING)).map((kept) => [kept.hash, kept.category]),
    );
    const fresh = [...wanted.values()].filter(({ hash, category }) => known.get(hash) !== category);
    if (fresh.length === 0) return;
    if ((await call.tables.transact(appendWrites(company, counter, fresh))).ok) return;
  }
  throw new Error(`the corrections of ${company} changed ${MOST_TRIES} times while one was written`);
}

function appendWrites(company: string, counter: Counter | undefined, fresh: readonly Omit<Kept, 'serial'>[]): Write[] {
  const { last, from } = counter ?? NOTHING;
  const when: Condition =
    counter === undefined
      ? ABSENT
      : [
          ['=', 'last', last],
          ['=', 'from', from],
        ];
  const change = { set: { last: last + fresh.length, from } };
  return [
    { kind: 'update', table: 'requests', key: counterKey(company), change, when },
    ...fresh.map((kept, i): Write => {
      const serial = last + 1 + i;
      return { kind: 'put', table: 'requests', item: { ...placeOf(company, serial), ...kept, serial } };
    }),
  ];
}

const layers = cachePerOwner<Named[]>(1_000, 10 * MINUTE);

/** A company's corrections, ready to be compared. Half a read unit where nothing has changed since this process last read them. */
export async function readNamed(call: Call, company: string, model: Model | null): Promise<Named[]> {
  const counter = await call.tables.get('requests', counterKey(company), Counter);
  if (counter === undefined || counter.last === counter.from) return [];
  return layers(call.tables.owner).get(`${company}#${counter.last}#${counter.from}`, async () => {
    const kept = await readKept(call, company, counter);
    return kept.map(({ sketch, category }) => ready(model, sketchFromText(sketch), category));
  });
}

/** How much of a company's corrections is remembered. */
export async function readCorrections(call: Call, company: string): Promise<CorrectionsView> {
  const counter = await call.tables.get('requests', counterKey(company), Counter, { consistent: true });
  const kept = counter === undefined ? [] : await readKept(call, company, counter);
  const counts = new Map<string, number>();
  for (const { category } of kept) counts.set(category, (counts.get(category) ?? 0) + 1);
  return {
    remembered: kept.length,
    categories: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([category, texts]) => ({ category, texts })),
    lastAt: kept.length === 0 ? null : iso(Math.max(...kept.map(({ at }) => at))),
  };
}

/** Takes back all corrections of a company. From the first write on none counts; a repeated call removes what is left. */
export async function clearCorrections(call: Call, company: string): Promise<void> {
  const counter = await call.tables.get('requests', counterKey(company), Counter, { consistent: true });
  if (counter === undefined) return;
  await call.tables.update('requests', counterKey(company), { set: { from: counter.last } }, [
    ['=', 'last', counter.last],
  ]);
  await deleteKept(call, company, ({ serial }) => serial <= counter.last);
}

/** Takes back what was said of one text, as when its customer wants to be forgotten. */
export async function forgetText(call: Call, company: string, text: string): Promise<void> {
  const hash = await hashOf(company, text);
  if ((await deleteKept(call, company, (kept) => kept.hash === hash)) === 0) return;
  // An unused number: processes that remember the corrections see that there is something new.
  await call.tables.increment('requests', counterKey(company), 'last', 1);
}

async function deleteKept(call: Call, company: string, which: (kept: Kept) => boolean): Promise<number> {
  const page = { pk: partition(company), from: '000', to: '999', consistent: true };
  const found = (await call.tables.queryAll('requests', KeptItem, page, MOST_CORRECTIONS)).filter(which);
  for (const kept of found)
    await call.tables.delete('requests', { pk: kept.pk, sk: kept.sk }, [['=', 'serial', kept.serial]]);
  return found.length;
}

const ListKey = z.object({ osk: z.string() });
/** So many of the newest commitments and awards are looked at. */
const NEWEST = 100;
const queueLists = cachePerOwner<readonly string[]>(10_000, MINUTE);

/** The queues in which a company has a commitment or an award, in order of id; remembered for a minute. */
async function queuesOf(call: Call, company: string): Promise<readonly string[]> {
  return queueLists(call.tables.owner).get(company, async () => {
    const index = { name: 'owner', pk: 'opk', sk: 'osk' };
    const lists = await Promise.all(
      ['A#', 'C#'].map((prefix) =>
        call.tables.query('market', ListKey, { index, pk: company, prefix, limit: NEWEST, descending: true }),
      ),
    );
    const queues = lists.flatMap(({ items }) => items.map(({ osk }) => osk.split('#')[2] ?? ''));
    return [...new Set(queues)].sort();
  });
}

/** What triage chooses between: the named queues, or those of the company, by category. Queues that do not exist are left out. */
export async function readChoices(call: Call, company: string, named?: readonly string[]): Promise<Choices> {
  const ids = named ?? (await queuesOf(call, company));
  const queues = await Promise.all(ids.map((id) => readQueueItem(call.tables, id)));
  const choices = new Map<string, string[]>();
  for (const queue of queues) {
    if (queue === undefined) continue;
    const { category } = queue.serviceClass;
    choices.set(category, [...(choices.get(category) ?? []), queue.id].sort());
  }
  return choices;
}
