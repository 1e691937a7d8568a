/** The Markdown that people write into playbooks: headings, lists, paragraphs, emphasis, code, https links. Nothing else is markup. */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'emphasis' | 'code'; text: string }
  | { kind: 'link'; text: string; href: string };
export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3; inline: Inline[] }
  | { kind: 'paragraph'; inline: Inline[] }
  | { kind: 'list'; isOrdered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string };

const INLINE = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\n]+)\*|_([^_\n]+)_|\[([^\]\n]+)\]\((https:\/\/[^\s)]+)\)/g;
const HEADING = /^(#{1,3})\s+(.*)$/;
const BULLET = /^\s*[-*]\s+(.*)$/;
const NUMBER = /^\s*\d+[.)]\s+(.*)$/;
const FENCE = /^```/;

/** Text and what is marked up in it, in order. */
export function inlineOf(text: string): Inline[] {
  const found: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, star, underscore, name, href] = match;
    if (match.index > at) found.push({ kind: 'text', text: text.slice(at, match.index) });
    if (code !== undefined) found.push({ kind: 'code', text: code });
    else if (strong !== undefined) found.push({ kind: 'strong', text: strong });
    else if (name !== undefined && href !== undefined) found.push({ kind: 'link', text: name, href });
    else found.push({ kind: 'emphasis', text: star ?? underscore ?? '' });
    at = match.index + whole.length;
  }
  if (at < text.length) found.push({ kind: 'text', text: text.slice(at) });
  return found;
}

/** The blocks of a text, in order. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split(/\r?\n/);
  for (let at = 0; at < lines.length; ) {
    const [block, next] = blockAt(lines, at);
    if (block !== null) blocks.push(block);
    at = next;
  }
  return blocks;
}

function blockAt(lines: readonly string[], at: number): [Block | null, number] {
  const line = lines[at] ?? '';
  if (line.trim() === '') return [null, at + 1];
  const heading = HEADING.exec(line);
  if (heading !== null)
    return [{ kind: 'heading', level: heading[1]!.length as 1 | 2 | 3, inline: inlineOf(heading[2]!) }, at + 1];
  if (FENCE.test(line)) {
    const end = lines.findIndex((other, n) => n > at && FENCE.test(other));
    const last = end < 0 ? lines.length : end;
    return [{ kind: 'code', text: lines.slice(at + 1, last).join('\n') }, last + 1];
  }
  const mark = BULLET.test(line) ? BULLET : NUMBER.test(line) ? NUMBER : null;
  let next = at;
  const belongs = (text: string): boolean =>
    mark !== null
      ? mark.test(text)
      : text.trim() !== '' && ![HEADING, FENCE, BULLET, NUMBER].some((other) => other.test(text));
  while (next < lines.length && belongs(lines[next]!)) next += 1;
  const taken = lines.slice(at, next);
  if (mark === null) return [{ kind: 'paragraph', inline: inlineOf(taken.join('\n')) }, next];
  const items = taken.map((text) => inlineOf(mark.exec(text)?.[1] ?? ''));
  return [{ kind: 'list', isOrdered: mark === NUMBER, items }, next];
}
