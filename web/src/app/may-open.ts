/** Whether an address of the app is somebody's to open: a link to a page that is not is a dead end. */
import type { Role } from '../../../shared/identity/identity.ts';
import { isFor, type Screen } from './screen.ts';

export function mayOpen(
  screens: readonly Pick<Screen, 'path' | 'who'>[],
  href: string,
  roles: readonly Role[],
): boolean {
  const path = href.split(/[?#]/)[0] ?? '';
  return screens.some((screen) => fits(screen.path, path) && isFor(screen, roles, true));
}

/** Whether an address is one of a screen's: `/queues/$queue` has `/queues/a`. */
function fits(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  return wanted.length === given.length && wanted.every((part, n) => part.startsWith('$') || part === given[n]);
}
