/** Names for ids, many in one call: what is asked for while a page draws itself is fetched together, and kept. */
import { useQueries, useQuery } from '@tanstack/react-query';
import type { Names } from '../../../shared/organisation/names.ts';
import { call } from './call.ts';

export type NameKind = keyof Names;
type Waiter = { kind: NameKind; id: string; told: (name: string | null) => void; failed: (error: unknown) => void };

/** As many as the market tells in one answer. */
const MOST = 50;
/** People rarely get another name. */
const FRESH_MS = 10 * 60_000;
/** Long enough for a page's parts to ask in the same breath. */
const GATHER_MS = 5;

let waiting: Waiter[] = [];

/** The name; null where it is not told, undefined until it is known. */
export function useName(kind: NameKind, id: string | null): string | null | undefined {
  return useQuery(named(kind, id ?? '')).data;
}

/** The names of several, as far as they are known and told. */
export function useNames(kind: NameKind, ids: readonly string[]): ReadonlyMap<string, string> {
  const distinct = [...new Set(ids)];
  return useQueries({
    queries: distinct.map((id) => named(kind, id)),
    combine: (found) =>
      new Map(found.flatMap(({ data }, place) => (data == null ? [] : [[distinct[place]!, data] as const]))),
  });
}

/** As the market takes them: one that it does not would have it refuse the others with it. */
const FORMS: Readonly<Record<NameKind, RegExp>> = {
  people: /^[^,]{1,200}$/,
  organisations: /^(?:co|pr|mk)_[0-9a-z]{4,20}$/,
};
export const mayAsk = (kind: NameKind, id: string): boolean => FORMS[kind].test(id);

const named = (kind: NameKind, id: string) => ({
  enabled: mayAsk(kind, id),
  queryKey: ['/v1/names', kind, id],
  queryFn: () => ask(kind, id),
  staleTime: FRESH_MS,
});

function ask(kind: NameKind, id: string): Promise<string | null> {
  return new Promise((told, failed) => {
    if (waiting.length === 0) setTimeout(sendAll, GATHER_MS);
    waiting.push({ kind, id, told, failed });
  });
}

function sendAll(): void {
  const all = waiting;
  waiting = [];
  for (const batch of batchesOf(all)) void send(batch);
}

/** So that no call asks for more of a kind than one may. */
export function batchesOf<T extends { kind: NameKind }>(all: readonly T[], most = MOST): T[][] {
  const batches: T[][] = [];
  const counts: Record<NameKind, number> = { people: 0, organisations: 0 };
  for (const one of all) {
    const place = Math.floor(counts[one.kind]++ / most);
    const batch = batches[place] ?? [];
    batch.push(one);
    batches[place] = batch;
  }
  return batches;
}

async function send(batch: readonly Waiter[]): Promise<void> {
  const idsOf = (kind: NameKind) => batch.flatMap((one) => (one.kind === kind ? [one.id] : [])).join(',');
  try {
    const query = { people: idsOf('people'), organisations: idsOf('organisations') };
    const names = await call('get', '/v1/names', { query });
    for (const { kind, id, told } of batch) told(names[kind].find((one) => one.id === id)?.name ?? null);
  } catch (error) {
    for (const { failed } of batch) failed(error);
  }
}
