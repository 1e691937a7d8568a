/** The Markdown that playbooks are written in, as blocks: headings, lists, quotes, code, paragraphs; within them emphasis, code and https links. */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'emphasis' | 'code'; text: string }
  | { kind: 'link'; text: string; href: string };
export type Block =
  | { kind: 'heading' | 'paragraph' | 'quote'; text: readonly Inline[] }
  | { kind: 'list'; isOrdered: boolean; items: readonly (readonly Inline[])[] }
  | { kind: 'code'; text: string };

const BULLET = /^\s*[-*+]\s+(.*)$/;
const NUMBER = /^\s*\d{1,3}[.)]\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;
const QUOTE = /^>\s?(.*)$/;
const FENCE = /^```/;
const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https:\/\/[^\s)]+)\)/g;

/** The parts of a line; anything else than https stays text. */
export function inlines(text: string): Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    const [, code, strong, strongToo, emphasis, label, href] = match;
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (href !== undefined) parts.push({ kind: 'link', text: label!, href });
    else if (emphasis !== undefined) parts.push({ kind: 'emphasis', text: emphasis });
    else parts.push({ kind: 'strong', text: (strong ?? strongToo)! });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/** A text as blocks, in its order. Nothing in it becomes markup of the page. */
export function blocksOf(markdown: string): Block[] {
  const lines = markdown.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    const run = (fits: RegExp): string[] => {
      const found: string[] = [];
      for (let match = fits.exec(lines[at] ?? ''); match !== null; match = fits.exec(lines[++at] ?? ''))
        found.push(match[1] ?? '');
      return found;
    };
    if (line.trim() === '') at++;
    else if (FENCE.test(line)) {
      const end = lines.findIndex((other, n) => n > at && FENCE.test(other));
      const until = end < 0 ? lines.length : end;
      blocks.push({ kind: 'code', text: lines.slice(at + 1, until).join('\n') });
      at = until + 1;
    } else if (HEADING.test(line)) {
      blocks.push({ kind: 'heading', text: inlines(HEADING.exec(line)![1]!) });
      at++;
    } else if (BULLET.test(line)) blocks.push({ kind: 'list', isOrdered: false, items: run(BULLET).map(inlines) });
    else if (NUMBER.test(line)) blocks.push({ kind: 'list', isOrdered: true, items: run(NUMBER).map(inlines) });
    else if (QUOTE.test(line)) blocks.push({ kind: 'quote', text: inlines(run(QUOTE).join(' ')) });
    else {
      const from = at;
      while (at < lines.length && isPlain(lines[at]!)) at++;
      blocks.push({ kind: 'paragraph', text: inlines(lines.slice(from, at).join(' ')) });
    }
  }
  return blocks;
}

const isPlain = (line: string): boolean =>
  line.trim() !== '' && ![BULLET, NUMBER, HEADING, QUOTE, FENCE].some((other) => other.test(line));
