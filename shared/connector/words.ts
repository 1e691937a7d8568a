/** The writer's own words in the text of an e-mail: no markup, no history, no signature. Modest: in doubt it stays. */

/** More than this of a message is not read: its words fit many times over. */
const MOST_CHARACTERS = 200_000;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  euro: '€',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
};

/** Markup as plain text: blocks become lines, what is not shown is left out. */
export function htmlToText(html: string): string {
  return withoutHidden(html.slice(0, MOST_CHARACTERS))
    .replaceAll(/<blockquote\b[\s\S]*$/gi, (quote) => (/\bcite\b|gmail_quote/i.test(quote.slice(0, 200)) ? '' : quote))
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<br\b[^<>]*>/gi, '\n')
    .replaceAll(/<li\b[^<>]*>/gi, '\n- ')
    .replaceAll(/<\/?(?:p|div|tr|table|ul|ol|h[1-6]|blockquote|hr)\b[^<>]*>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (all, decimal: string, hex: string, name: string) =>
      name === undefined
        ? character(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal))
        : (ENTITIES[name] ?? all),
    )
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** Comments, styles, scripts and the head go; one that is never closed goes to the end. One pass, however it is nested. */
function withoutHidden(html: string): string {
  const opening = /<!--|<(style|script|head|title|template)\b/gi;
  const lower = html.toLowerCase();
  let text = '';
  let at = 0;
  for (let found = opening.exec(html); found !== null; found = opening.exec(html)) {
    text += html.slice(at, found.index);
    const end = found[1] === undefined ? '-->' : `</${found[1].toLowerCase()}`;
    const close = lower.indexOf(end, found.index);
    const after = close < 0 ? -1 : lower.indexOf('>', close);
    if (after < 0) return text;
    at = after + 1;
    opening.lastIndex = at;
  }
  return text + html.slice(at);
}

const character = (code: number): string => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '');

/** Where the history of an answer begins, in the words of usual mail programs. */
const HISTORY: readonly RegExp[] = [
  /^\s*-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original)\s*-{2,}\s*$/i,
  /^\s*(?:On|Am|Le|El|Il)\b.{6,200}\b(?:wrote|schrieb|écrit|escribió|ha scritto)\b.{0,80}:\s*$/i,
];
const OUTLOOK_FROM = /^\s*\*?(?:From|Von|De|Da):\*?\s.+/i;
const OUTLOOK_SENT = /^\s*\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado|Inviato):\*?\s.+/i;
const SENT_FROM = /^\s*(?:Sent from my |Get Outlook for |Von meinem .{2,40} gesendet|Envoyé de mon )/i;

/** The text without quoted history and signature; the whole text where nothing else would be left. */
export function ownWords(text: string): string {
  const lines = text.slice(0, MOST_CHARACTERS).replaceAll('\r\n', '\n').split('\n');
  const kept = withoutSignature(lines.slice(0, historyStart(lines)));
  while (kept.length > 0 && /^\s*(?:>.*)?$/.test(kept.at(-1) ?? '')) kept.pop();
  const own = kept.join('\n').trim();
  return own === '' ? text.trim() : own;
}

function historyStart(lines: readonly string[]): number {
  for (const [i, line] of lines.entries()) {
    // A mail program breaks a long "On … wrote:" into two lines.
    const two = `${line} ${lines[i + 1]?.trim() ?? ''}`;
    if (
      HISTORY.some(
        (pattern) => pattern.test(line) || (i > 0 && /^\s*(?:On|Am|Le|El|Il)\b/.test(line) && pattern.test(two)),
      )
    )
      return i;
    if (i > 0 && OUTLOOK_FROM.test(line) && OUTLOOK_SENT.test(lines[i + 1] ?? '')) return i;
    if (i > 0 && /^\s*_{20,}\s*$/.test(line) && OUTLOOK_FROM.test(lines[i + 1] ?? '')) return i;
  }
  return lines.length;
}

/** RFC 3676: a signature follows a line of two hyphens and a space; many programs lose the space. */
function withoutSignature(lines: readonly string[]): string[] {
  const at = lines.findIndex((line) => /^--\s?$/.test(line) || SENT_FROM.test(line));
  return lines.slice(0, at < 0 ? lines.length : at);
}
