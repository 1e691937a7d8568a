/**
 * A trained model: for each feature it knows one small whole number per class, and what measuring it found. It is one
 * file, at most 4 MB, that lies beside the function's code.
 */
import * as z from 'zod';
import { featuresOf } from './features.ts';
import { tellingOf, type Vector, type Vocabulary, vectorOf } from './vocabulary.ts';

export type Model = {
  classes: readonly string[];
  vocabulary: Vocabulary;
  bias: Float32Array;
  /** Of each feature: what one step of its whole numbers is worth. */
  scales: Float32Array;
  /** Feature by feature, one whole number for each class. */
  steps: Int8Array;
  /** Scores are divided by it before they become probabilities, so that these mean what they say. */
  temperature: number;
  /** From this confidence on a category is taken without asking. */
  threshold: number;
  /** Where the examples came from, and under which licence. */
  source: string;
};

export type Trained = { classes: readonly string[]; vocabulary: Vocabulary; weights: Float32Array; bias: Float32Array };

const LARGEST_STEP = 127;
/** Bytes of a feature beside its steps: hash, documents, scale. */
const BYTES_PER_ROW = 4 + 2 + 4;
/** Left for the header. */
const HEADER_BYTES = 64 * 1024;

/** Whole numbers in place of the weights; where there are too many features for `mostBytes`, the least telling go. */
export function quantised({ classes, vocabulary, weights, bias }: Trained, mostBytes: number): Model {
  const count = classes.length;
  const largest = Float32Array.from(vocabulary.ids, (_, row) => {
    let most = 0;
    for (let k = 0; k < count; k++) most = Math.max(most, Math.abs(weights[row * count + k]!));
    return most;
  });
  const rows = keptRows(vocabulary, largest, Math.floor((mostBytes - HEADER_BYTES) / (count + BYTES_PER_ROW)));
  const scales = Float32Array.from(rows, (row) => largest[row]! / LARGEST_STEP || 1);
  const steps = new Int8Array(rows.length * count);
  rows.forEach((row, at) => {
    for (let k = 0; k < count; k++) steps[at * count + k] = Math.round(weights[row * count + k]! / scales[at]!);
  });
  const kept: Vocabulary = {
    ids: Uint32Array.from(rows, (row) => vocabulary.ids[row]!),
    documents: Uint16Array.from(rows, (row) => vocabulary.documents[row]!),
    texts: vocabulary.texts,
  };
  return { classes, vocabulary: kept, bias, scales, steps, temperature: 1, threshold: 0, source: '' };
}

/** The rows that are kept, in order: those that can move a score the most. */
function keptRows(vocabulary: Vocabulary, largest: Float32Array, most: number): Uint32Array {
  const rows = Uint32Array.from(vocabulary.ids, (_, row) => row);
  if (rows.length <= most) return rows;
  const reach = (row: number) => largest[row]! * tellingOf(vocabulary, row);
  return rows
    .sort((a, b) => reach(b) - reach(a) || a - b)
    .slice(0, most)
    .sort();
}

/** Each class's score for a text, before temperature. */
export function scoresOf(model: Model, vector: Vector): Float64Array {
  const count = model.classes.length;
  const scores = Float64Array.from(model.bias);
  for (let i = 0; i < vector.rows.length; i++) {
    const row = vector.rows[i]!;
    const weight = vector.weights[i]! * model.scales[row]!;
    const first = row * count;
    for (let k = 0; k < count; k++) scores[k]! += model.steps[first + k]! * weight;
  }
  return scores;
}

export const scoresOfText = (model: Model, text: string): Float64Array =>
  scoresOf(model, vectorOf(model.vocabulary, featuresOf(text)));

const MAGIC = 'parley-triage-1';
const Header = z.object({
  format: z.literal(MAGIC),
  classes: z.array(z.string()).min(2),
  rows: z.int().min(0),
  texts: z.int().min(1),
  bias: z.array(z.number()),
  temperature: z.number().positive(),
  threshold: z.number().min(0).max(1),
  source: z.string(),
});

/** The model as a file: length of the header, header as JSON, then hashes, scales, documents and steps, little-endian. */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  const { vocabulary, scales, steps, bias } = model;
  const rows = vocabulary.ids.length;
  const header: z.infer<typeof Header> = {
    format: MAGIC,
    classes: [...model.classes],
    rows,
    texts: vocabulary.texts,
    bias: [...bias],
    temperature: model.temperature,
    threshold: model.threshold,
    source: model.source,
  };
  const head = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(4 + head.length + rows * BYTES_PER_ROW + steps.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, head.length, true);
  bytes.set(head, 4);
  const at = 4 + head.length;
  for (let row = 0; row < rows; row++) {
    view.setUint32(at + row * 4, vocabulary.ids[row]!, true);
    view.setFloat32(at + (rows + row) * 4, scales[row]!, true);
    view.setUint16(at + rows * 8 + row * 2, vocabulary.documents[row]!, true);
  }
  bytes.set(new Uint8Array(steps.buffer, steps.byteOffset, steps.length), at + rows * BYTES_PER_ROW);
  return bytes;
}

/** Reads a model's file; throws where it is none, or cut. */
export function decodeModel(bytes: Uint8Array): Model {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  const header = Header.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))));
  const { rows, classes } = header;
  let at = 4 + length;
  if (bytes.length !== at + rows * (BYTES_PER_ROW + classes.length)) throw new Error('the model file is not whole');
  const ids = Uint32Array.from({ length: rows }, (_, row) => view.getUint32(at + row * 4, true));
  at += rows * 4;
  const scales = Float32Array.from({ length: rows }, (_, row) => view.getFloat32(at + row * 4, true));
  at += rows * 4;
  const documents = Uint16Array.from({ length: rows }, (_, row) => view.getUint16(at + row * 2, true));
  at += rows * 2;
  const steps = new Int8Array(bytes.buffer, bytes.byteOffset + at, rows * classes.length);
  return {
    classes,
    vocabulary: { ids, documents, texts: header.texts },
    bias: Float32Array.from(header.bias),
    scales,
    steps,
    temperature: header.temperature,
    threshold: header.threshold,
    source: header.source,
  };
}
