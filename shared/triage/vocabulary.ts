/** Which features a model knows and how telling each is; what turns features into weights. */
import { type Counted, type Features, featuresOf } from './features.ts';

export type Vocabulary = {
  /** In rising order. */
  ids: Uint32Array;
  /** In how many of the texts each stands. */
  documents: Uint16Array;
  /** How many texts there were. */
  texts: number;
};

/** A text as rows of a vocabulary and their weights; words and letters have length 1 each, where there are any. */
export type Vector = { rows: Uint32Array; weights: Float32Array };

/** The features that stand in at least `minimum` of some texts. */
export function vocabularyOf(texts: readonly Features[], minimum: number): Vocabulary {
  const documents = new Map<number, number>();
  for (const text of texts)
    for (const { ids } of [text.words, text.letters])
      for (const id of ids) documents.set(id, (documents.get(id) ?? 0) + 1);
  const ids = Uint32Array.from([...documents].filter(([, count]) => count >= minimum).map(([id]) => id)).sort();
  return {
    ids,
    documents: Uint16Array.from(ids, (id) => Math.min(documents.get(id) ?? 0, 0xffff)),
    texts: texts.length,
  };
}

/** Smoothed inverse document frequency: ln((1 + texts) / (1 + documents)) + 1; a feature never seen counts the most. */
export const tellingOf = (vocabulary: Vocabulary, row: number): number =>
  Math.log((1 + vocabulary.texts) / (1 + (row < 0 ? 0 : vocabulary.documents[row]!))) + 1;

/** The row of a feature, by halving; -1 where the vocabulary does not have it. */
export function rowOf({ ids }: Vocabulary, id: number): number {
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = ids[middle]!;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The known features of a text, each weighing (1 + ln count) · telling. */
export function vectorOf(vocabulary: Vocabulary, features: Features): Vector {
  const size = features.words.ids.length + features.letters.ids.length;
  const rows = new Uint32Array(size);
  const weights = new Float32Array(size);
  let at = 0;
  for (const part of [features.words, features.letters]) {
    const from = at;
    at = addKnown(vocabulary, part, rows, weights, at);
    scaleToOne(weights.subarray(from, at));
  }
  return { rows: rows.subarray(0, at), weights: weights.subarray(0, at) };
}

function addKnown(vocabulary: Vocabulary, part: Counted, rows: Uint32Array, weights: Float32Array, first: number) {
  let at = first;
  part.ids.forEach((id, i) => {
    const row = rowOf(vocabulary, id);
    if (row < 0) return;
    rows[at] = row;
    weights[at++] = (1 + Math.log(part.counts[i]!)) * tellingOf(vocabulary, row);
  });
  return at;
}

/** Scales weights so that their squares sum to 1; nothing stays nothing. */
export function scaleToOne(weights: Float32Array): void {
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  if (squares === 0) return;
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < weights.length; i++) weights[i]! *= scale;
}

/** A text straight to its vector. */
export const vectorOfText = (vocabulary: Vocabulary, text: string): Vector => vectorOf(vocabulary, featuresOf(text));
