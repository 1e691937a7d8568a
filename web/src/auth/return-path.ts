/** Where a sign-in leads back to. */
const HERE = 'https://here.invalid';

/** A path of this app, whatever stood in the address: never another site, never the sign-in itself. */
export function returnPath(text: string | null | undefined): string {
  if (!text?.startsWith('/')) return '/';
  let url: URL;
  try {
    url = new URL(text, HERE);
  } catch {
    return '/';
  }
  if (url.origin !== HERE || url.pathname.startsWith('/sign-in')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}

/** The sign-in that leads back to a path. */
export const signInPath = (from: string): string => {
  const to = returnPath(from);
  return to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`;
};
