/** Links to pages of other areas, only where there is such a page: a figure without one stays a figure. */
import { screens } from './screens.ts';

/** The address of a screen with its parts filled in; undefined where no screen has this path. */
export function elsewhere(path: `/${string}`, parts: Readonly<Record<string, string>> = {}): string | undefined {
  if (!screens.some((screen) => screen.path === path)) return undefined;
  return path.replaceAll(/\$(\w+)/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
}
