/**
 * The few features by which a text is remembered and compared: what a correction keeps in place of the customer's words.
 */
import { base64url, fromBase64url } from '../kernel/hash.ts';
import type { Features } from './features.ts';
import { rowOf, tellingOf, type Vocabulary } from './vocabulary.ts';

/** Hashes in rising order, the most telling ones where a text has more. */
export type Sketch = { words: Uint32Array; letters: Uint32Array };

const MOST_WORDS = 48;
const MOST_LETTERS = 96;
const NO_VOCABULARY: Vocabulary = { ids: new Uint32Array(), documents: new Uint16Array(), texts: 0 };

/** How telling a feature is by a model's vocabulary; all alike without one. */
export type Telling = (id: number) => number;
export const tellingBy =
  (vocabulary: Vocabulary = NO_VOCABULARY): Telling =>
  (id) =>
    tellingOf(vocabulary, rowOf(vocabulary, id));

export const sketchOf = (features: Features, telling: Telling): Sketch => ({
  words: mostTelling(features.words.ids, telling, MOST_WORDS),
  letters: mostTelling(features.letters.ids, telling, MOST_LETTERS),
});

function mostTelling(ids: Uint32Array, telling: Telling, most: number): Uint32Array {
  if (ids.length <= most) return ids;
  const ranked = Array.from(ids, (id) => [telling(id), id] as const).sort(([a, i], [b, j]) => b - a || i - j);
  return Uint32Array.from(ranked.slice(0, most), ([, id]) => id).sort();
}

/** A sketch with the weight of each feature worked out, for comparing it with many. */
export type Weighed = { words: WeighedIds; letters: WeighedIds };
type WeighedIds = { ids: Uint32Array; squares: Float64Array; length: number };

export const weigh = (sketch: Sketch, telling: Telling): Weighed => ({
  words: weighIds(sketch.words, telling),
  letters: weighIds(sketch.letters, telling),
});

function weighIds(ids: Uint32Array, telling: Telling): WeighedIds {
  const squares = Float64Array.from(ids, (id) => telling(id) ** 2);
  return { ids, squares, length: Math.sqrt(squares.reduce((sum, square) => sum + square, 0)) };
}

/** How alike two texts are, 0 to 1: the mean of the cosines of their words and of their letters. */
export const likeness = (a: Weighed, b: Weighed): number =>
  (cosine(a.words, b.words) + cosine(a.letters, b.letters)) / 2;

function cosine(a: WeighedIds, b: WeighedIds): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.ids.length && j < b.ids.length; ) {
    if (a.ids[i] === b.ids[j]) {
      shared += a.squares[i]!;
      i++;
      j++;
    } else if (a.ids[i]! < b.ids[j]!) i++;
    else j++;
  }
  return shared === 0 ? 0 : shared / (a.length * b.length);
}

/** A sketch as text: how many words, then all hashes. */
export function sketchText({ words, letters }: Sketch): string {
  const bytes = new Uint8Array(1 + (words.length + letters.length) * 4);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, words.length);
  for (const [i, id] of [...words, ...letters].entries()) view.setUint32(1 + i * 4, id, true);
  return base64url(bytes);
}

export function sketchFromText(text: string): Sketch {
  const bytes = fromBase64url(text);
  const view = new DataView(bytes.buffer);
  const all = Uint32Array.from({ length: (bytes.length - 1) >> 2 }, (_, i) => view.getUint32(1 + i * 4, true));
  const words = view.getUint8(0);
  return { words: all.subarray(0, words), letters: all.subarray(words) };
}

/** A sketch as features that each stand there once. */
export const featuresOfSketch = ({ words, letters }: Sketch): Features => ({
  words: { ids: words, counts: new Uint16Array(words.length).fill(1) },
  letters: { ids: letters, counts: new Uint16Array(letters.length).fill(1) },
});
