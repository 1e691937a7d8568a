/** Where one is, and how to go elsewhere, in plain addresses. */
import { useLocation, useMatch, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Goes to an address of the app, such as `/queues/a?round=3`. */
export function useGo(): (href: string, options?: { replace?: boolean }) => void {
  const { history } = useRouter();
  return useCallback(
    (href, options) => {
      if (options?.replace) history.replace(href);
      else history.push(href);
    },
    [history],
  );
}

/** The path of the window: for what stands around the screens. */
export const usePathname = (): string => useLocation({ select: ({ pathname }) => pathname });

/** The path of the window with its search. */
export const useAddress = (): string => useLocation({ select: ({ pathname, searchStr }) => pathname + searchStr });

/**
 * The address that the screen around was opened with. (The window's own is a moment ahead: a screen that is about to go
 * must not take the next one's search for its own.)
 */
export function useHref(): string {
  const pathname = useMatch({ strict: false, select: (match) => match.pathname });
  const search = new URLSearchParams(useOwnSearch()).toString();
  return search === '' ? pathname : `${pathname}?${search}`;
}

const useOwnSearch = () => useSearch({ strict: false }) as Record<string, string>;

/** A part of the address: `usePathParam('queue')` below `/queues/$queue`. */
export function usePathParam(name: string): string {
  const params = useParams({ strict: false }) as Record<string, string | undefined>;
  return params[name] ?? '';
}

/**
 * A screen's state in the address, so that it can be linked, reloaded and gone back to: texts with their defaults, which
 * are left out of the address. `set` replaces, it leaves no trail of filters in the history.
 */
export function useUrlState<S extends Readonly<Record<string, string>>>(
  defaults: S,
): [{ [K in keyof S]: string }, (change: { [K in keyof S]?: string }) => void] {
  const { history } = useRouter();
  const search = useOwnSearch();
  const state = Object.fromEntries(
    Object.entries(defaults).map(([name, fallback]) => [name, search[name] ?? fallback]),
  ) as { [K in keyof S]: string };
  const set = (change: { [K in keyof S]?: string }) => {
    const { pathname, search: current } = history.location;
    const next = new URLSearchParams(current);
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined || value === defaults[name]) next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    history.replace(text === '' ? pathname : `${pathname}?${text}`);
  };
  return [state, set];
}
