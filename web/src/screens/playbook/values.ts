/** The form of a playbook: lists whose entries have a name of their own here, so that they can be moved. */
import type { Playbook, PlaybookContents } from '../../../../shared/playbook/playbook.ts';

export type Entry = { key: string } & Record<string, string>;
export const LISTS = ['sections', 'actions', 'snippets', 'escalations', 'links'] as const;
export type ListName = (typeof LISTS)[number];

/** The texts that an entry of each list has, in order. */
export const FIELDS = {
  sections: ['title', 'markdown'],
  actions: ['name', 'rule'],
  snippets: ['name', 'text'],
  escalations: ['when', 'to'],
  links: ['title', 'url'],
} as const satisfies Record<ListName, readonly string[]>;

export type Values = { [L in ListName]: Entry[] } & {
  showsAllFields: boolean;
  fields: string[];
  personalData: boolean;
  attachments: boolean;
};

export const EMPTY: Values = {
  sections: [],
  actions: [],
  snippets: [],
  escalations: [],
  links: [],
  showsAllFields: true,
  fields: [],
  personalData: false,
  attachments: true,
};

export function valuesOf({ shows, ...lists }: Pick<Playbook, ListName | 'shows'>): Values {
  const entries = Object.fromEntries(
    LISTS.map((list) => [list, lists[list].map((entry, n): Entry => ({ ...entry, key: `${list} ${n}` }))]),
  ) as Record<ListName, Entry[]>;
  return {
    ...entries,
    showsAllFields: shows.fields === 'all',
    fields: shows.fields === 'all' ? [] : shows.fields,
    personalData: shows.personalData,
    attachments: shows.attachments,
  };
}

/** What is sent; `replaces` is the version this one was written from. Entries without any text are left out. */
export function contentsOf(values: Values): PlaybookContents {
  const lists = Object.fromEntries(
    LISTS.map((list) => [
      list,
      values[list]
        .filter((entry) => FIELDS[list].some((field) => (entry[field] ?? '').trim() !== ''))
        .map(({ key: _key, ...entry }) => entry),
    ]),
  );
  const { showsAllFields, fields, personalData, attachments } = values;
  const shows = { fields: showsAllFields ? ('all' as const) : fields, personalData, attachments };
  return { ...lists, shows } as PlaybookContents;
}

/** An entry one place up (−1) or down (+1); as it is at the ends. */
export function moved<T>(entries: readonly T[], at: number, by: -1 | 1): T[] {
  const next = [...entries];
  const to = at + by;
  if (to < 0 || to >= next.length) return next;
  [next[at], next[to]] = [next[to]!, next[at]!];
  return next;
}
