/** A message as it came in, and the few shapes that its body may have. */

export type Payload = {
  bytes: Uint8Array<ArrayBuffer>;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
};

/** The media type without parameters, in lower case; empty where none is said. */
export const typeOf = ({ headers }: Payload): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

export const textOf = ({ bytes }: Payload): string => new TextDecoder().decode(bytes);

/** The body as JSON; undefined where it is none. */
export function jsonOf(payload: Payload): unknown {
  try {
    return JSON.parse(textOf(payload)) as unknown;
  } catch {
    return undefined;
  }
}

/** The texts of a form, urlencoded or multipart (RFC 7578); undefined where the body is none. */
export function formOf(payload: Payload): ReadonlyMap<string, string> | undefined {
  const type = typeOf(payload);
  if (type === 'application/x-www-form-urlencoded') return new Map(new URLSearchParams(textOf(payload)));
  if (type !== 'multipart/form-data') return undefined;
  const boundary = /\bboundary=(?:"([^"]+)"|([^;\s]+))/i.exec(payload.headers['content-type'] ?? '');
  return multipartTexts(textOf(payload), boundary?.[1] ?? boundary?.[2] ?? '');
}

/** Whatever length the boundary has: what the platform's own reader does not take. Files are left out. */
function multipartTexts(text: string, boundary: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const part of `\r\n${text}`.split(`\r\n--${boundary}`).slice(1)) {
    const gap = part.indexOf('\r\n\r\n');
    if (part.startsWith('--') || gap < 0) continue;
    const head = part.slice(0, gap);
    const name = /\bname="([^"]*)"/i.exec(head)?.[1];
    if (name !== undefined && !/\bfilename\*?=/i.test(head)) texts.set(name, part.slice(gap + 4));
  }
  return texts;
}
