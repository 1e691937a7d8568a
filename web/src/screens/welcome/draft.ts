/** Demand that somebody worked out before they signed up: queue and volume, kept in this tab until it is committed. */
export type Draft = readonly { queue: string; title: string; volume: number }[];

const KEPT = 'parley.draft';

export const keepDraft = (draft: Draft): void => sessionStorage.setItem(KEPT, JSON.stringify(draft));
export const dropDraft = (): void => sessionStorage.removeItem(KEPT);

/** What was kept; nothing where it was not, or is not readable any more. */
export function readDraft(): Draft {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]') as unknown;
    return Array.isArray(kept) ? kept.filter(isEntry) : [];
  } catch {
    return [];
  }
}

const isEntry = (entry: unknown): entry is Draft[number] => {
  const { queue, title, volume } = (entry ?? {}) as Record<string, unknown>;
  return typeof queue === 'string' && typeof title === 'string' && Number.isInteger(volume);
};

/** Where an entry is committed. */
export const commitPath = ({ queue, volume }: Draft[number]): string =>
  `/demand/new?queue=${encodeURIComponent(queue)}&volume=${volume}`;
