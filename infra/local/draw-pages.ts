/**
 * Draws the first look of the pages that whoever comes for the first time may see, into the built app: it is there before any
 * script has run. `node draw-pages.ts <built app> <built drawing>`; a process of its own, since it loads all of the app.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { DRAWN, NONCE_PLACE, PAGE_FILES } from '../../shared/api/web-page.ts';

type Drawing = { draw: (path: string, nonce: string) => Promise<string> };

const Chunk = z.object({
  file: z.string(),
  css: z.array(z.string()).default([]),
  imports: z.array(z.string()).default([]),
});
const EMPTY = '<div id="root"></div>';

const [built = '', drawing = ''] = process.argv.slice(2);
// A browser that keeps nothing of an earlier visit.
const nothingKept = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
Object.assign(globalThis, { localStorage: nothingKept, sessionStorage: nothingKept });

const { draw } = (await import(pathToFileURL(join(drawing, 'drawn.js')).href)) as Drawing;
const app = readFileSync(join(built, PAGE_FILES.app), 'utf8');
const manifest = z
  .record(z.string(), Chunk)
  .parse(JSON.parse(readFileSync(join(built, '.vite', 'manifest.json'), 'utf8')));
const first = chunksOf('index.html');
for (const [path, page] of Object.entries(DRAWN)) {
  const { markup, styles } = asAllowed(await draw(path, NONCE_PLACE));
  const own = [...chunksOf(`src/screens/${page}/page.tsx`, first)];
  const head = [
    ...own.flatMap((name) => manifest[name]?.css ?? []).map((file) => `<link rel="stylesheet" href="/${file}">`),
    ...own.map((name) => `<link rel="modulepreload" crossorigin href="/${manifest[name]?.file}">`),
    `<style nonce="${NONCE_PLACE}">${styles}</style>`,
  ].join('\n');
  const withHead = replaced(app, '</head>', `${head}\n</head>`);
  const whole = replaced(withHead, EMPTY, `<div id="root"><div data-drawn inert>${markup}</div></div>`);
  writeFileSync(join(built, PAGE_FILES[page]), whole);
}
// The app keeps what it has read for minutes, and with it this process.
process.exit();

/** A chunk and all that it imports before it runs, those of `known` left out. */
function chunksOf(name: string, known: ReadonlySet<string> = new Set(), seen = new Set<string>()): Set<string> {
  if (known.has(name) || seen.has(name)) return seen;
  const chunk = manifest[name];
  if (chunk === undefined) throw new Error(`the built app has no ${name}`);
  seen.add(name);
  for (const next of chunk.imports) chunksOf(next, known, seen);
  return seen;
}

/** Markup as a page's policy lets it in: style elements with its nonce, and no style attributes, whose words become `styles`. */
function asAllowed(html: string): { markup: string; styles: string } {
  const rules = new Map<string, number>();
  const markup = html.replaceAll(/ style="([^"]*)"/g, (_, words: string) => {
    const rule = unescaped(words);
    if (!rules.has(rule)) rules.set(rule, rules.size);
    return ` data-style="${rules.get(rule)}"`;
  });
  // React writes a style element that it shares among components without one.
  const allowed = markup.replaceAll(/<style(?![^>]*\bnonce=)/g, `<style nonce="${NONCE_PLACE}"`);
  return { markup: allowed, styles: [...rules].map(([rule, n]) => `[data-style="${n}"]{${rule}}`).join('') };
}

function unescaped(text: string): string {
  const characters = { '&quot;': '"', '&#x27;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' };
  return text.replaceAll(/&(?:quot|#x27|lt|gt|amp);/g, (name) => characters[name as keyof typeof characters]);
}

/** The text with its one `place` replaced; throws where there is none, or more. */
function replaced(text: string, place: string, by: string): string {
  const parts = text.split(place);
  if (parts.length !== 2) throw new Error(`the built page has ${parts.length - 1} times ${place}`);
  return parts.join(by);
}
