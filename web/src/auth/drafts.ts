/**
 * What somebody writes and has not sent, kept in this tab until it is sent, given up, or they sign out: a session that ends
 * in the middle of a form takes no words with it, also where the way to sign in leads over another site. Nobody else who
 * signs in here is shown them.
 */
const PREFIX = 'parley.draft ';

/** The name of a draft by whose it is, for which organisation they act, and what it is. */
export const draftKey = (of: { user: string; organisation: string | null }, name: string): string =>
  `${PREFIX}${of.user} ${of.organisation ?? ''} ${name}`;

/** What was kept; undefined where nothing was, or the tab keeps nothing. */
export function readDraft<T>(key: string): T | undefined {
  try {
    const text = sessionStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/** Keeps it; undefined forgets it. A tab that keeps nothing is no reason to stop. */
export function keepDraft(key: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Full, or forbidden.
  }
}

const keys = (): string[] => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));

/** Whether something is kept that was written here. */
export const hasDrafts = (): boolean => keys().length > 0;

/** Forgets all of them. */
export function forgetDrafts(): void {
  for (const key of keys()) sessionStorage.removeItem(key);
}
