/**
 * Training: multinomial logistic regression by stochastic gradient descent over weighted features. Seeded: the same texts,
 * labels and options give the same model, bit by bit.
 */
import { spread } from '../kernel/hash.ts';
import { type Features, featuresOf } from './features.ts';
import { type Model, quantised } from './model.ts';
import { type Vector, vectorOf, vocabularyOf } from './vocabulary.ts';

/** A text with its category. */
export type Example = { text: string; category: string };
/** An example whose features are known and whose category is a place in a list of classes. */
export type Prepared = { features: Features; label: number };

export type TrainOptions = {
  seed: string;
  /** How often each example is looked at. */
  epochs: number;
  /** The first step's length; it falls to nothing over the epochs, which also keeps the weights small. */
  rate: number;
  /** A feature counts that stands in this many texts. */
  minimumDocuments: number;
  /** The most the model may have, in bytes. */
  mostBytes: number;
};
export const TRAIN_DEFAULTS: TrainOptions = {
  seed: 'parley',
  epochs: 12,
  rate: 2,
  minimumDocuments: 2,
  mostBytes: 4_000_000,
};
/** The bias is learnt slower than the weights, since every text moves it. */
const BIAS_PART = 0.1;

/** Classes in alphabetical order and the examples over them. */
export function prepare(examples: readonly Example[]): { classes: string[]; prepared: Prepared[] } {
  const classes = [...new Set(examples.map(({ category }) => category))].sort();
  const place = new Map(classes.map((name, label) => [name, label]));
  const prepared = examples.map(({ text, category }) => ({
    features: featuresOf(text),
    label: place.get(category) ?? 0,
  }));
  return { classes, prepared };
}

/** A model of the classes. Its temperature and threshold are 1 and 0 until `evaluate.ts` has measured them. */
export function train(
  classes: readonly string[],
  examples: readonly Prepared[],
  options: TrainOptions = TRAIN_DEFAULTS,
): Model {
  const vocabulary = vocabularyOf(
    examples.map(({ features }) => features),
    options.minimumDocuments,
  );
  const vectors = examples.map(({ features }) => vectorOf(vocabulary, features));
  const count = classes.length;
  const weights = new Float32Array(vocabulary.ids.length * count);
  const bias = new Float32Array(count);
  const steps = options.epochs * examples.length;
  const change = new Float64Array(count);
  let step = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (const i of shuffled(examples.length, `${options.seed}#${epoch}`)) {
      const rate = options.rate * (1 - step++ / steps);
      gradient(vectors[i]!, examples[i]!.label, weights, bias, change);
      move(vectors[i]!, rate, weights, bias, change);
    }
  }
  return quantised({ classes, vocabulary, weights, bias }, options.mostBytes);
}

/** What each class's score should change by: 1 for the right one, 0 for others, less its probability. */
function gradient(vector: Vector, label: number, weights: Float32Array, bias: Float32Array, into: Float64Array): void {
  const count = bias.length;
  into.set(bias);
  for (let i = 0; i < vector.rows.length; i++) {
    const first = vector.rows[i]! * count;
    const weight = vector.weights[i]!;
    for (let k = 0; k < count; k++) into[k]! += weights[first + k]! * weight;
  }
  toProbabilities(into);
  for (let k = 0; k < count; k++) into[k] = (k === label ? 1 : 0) - into[k]!;
}

function move(vector: Vector, rate: number, weights: Float32Array, bias: Float32Array, change: Float64Array): void {
  const count = bias.length;
  for (let i = 0; i < vector.rows.length; i++) {
    const first = vector.rows[i]! * count;
    const by = rate * vector.weights[i]!;
    for (let k = 0; k < count; k++) weights[first + k]! += by * change[k]!;
  }
  for (let k = 0; k < count; k++) bias[k]! += BIAS_PART * rate * change[k]!;
}

/** Scores to probabilities, in place; they sum to 1. */
export function toProbabilities(scores: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) most = Math.max(most, score);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    const share = Math.exp(scores[k]! - most);
    scores[k] = share;
    sum += share;
  }
  for (let k = 0; k < scores.length; k++) scores[k]! /= sum;
}

/** 0 … count − 1 in an order that the seed alone decides. */
export function shuffled(count: number, seed: string): Uint32Array {
  const places = Array.from({ length: count }, (_, place) => [spread(`${seed}#${place}`), place] as const);
  return Uint32Array.from(
    places.sort(([a, i], [b, j]) => a - b || i - j),
    ([, place]) => place,
  );
}
