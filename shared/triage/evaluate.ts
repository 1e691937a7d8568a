/**
 * How good a way of training is, measured on texts the model has not seen: cross-validation by folds, and what follows
 * from its scores (temperature, threshold, calibration). Everything is measured on the model as it is stored.
 */
import { scoresOf } from './model.ts';
import { type Prepared, shuffled, type TrainOptions, toProbabilities, train } from './train.ts';
import { vectorOf } from './vocabulary.ts';

/** What one unseen text got: each class's score, and the right class. */
export type Judged = { scores: Float64Array; label: number; fold: number };

export type Measured = {
  texts: number;
  classes: number;
  folds: number;
  accuracy: number;
  /** Mean over classes of F1, so that rare classes count as much as frequent ones. */
  macroF1: number;
  /** Expected calibration error over fifteen bins, each fold's temperature fitted on the others (Guo et al. 2017). */
  calibrationError: number;
  temperature: number;
  threshold: number;
  /** Share of texts at or above the threshold, and how many of those are right. */
  shareAbove: number;
  accuracyAbove: number;
};

/** The accuracy wanted of what is taken without asking, from which the threshold follows. */
export const WANTED_ACCURACY = 0.97;
const CALIBRATION_BINS = 15;

/** The fold of each example: every class is spread evenly over the folds. */
export function foldsOf(labels: readonly number[], folds: number, seed: string): Uint8Array {
  const fold = new Uint8Array(labels.length);
  const dealt = new Map<number, number>();
  for (const i of shuffled(labels.length, `${seed}#folds`)) {
    const label = labels[i]!;
    const next = dealt.get(label) ?? 0;
    fold[i] = next % folds;
    dealt.set(label, next + 1);
  }
  return fold;
}

/** Judges every example by a model that was trained without its fold. */
export function crossValidate(
  classes: readonly string[],
  examples: readonly Prepared[],
  folds: number,
  options: TrainOptions,
  told: (fold: number) => void = () => {},
): Judged[] {
  const labels = examples.map(({ label }) => label);
  const fold = foldsOf(labels, folds, options.seed);
  const judged: Judged[] = [];
  for (let held = 0; held < folds; held++) {
    const model = train(
      classes,
      examples.filter((_, i) => fold[i] !== held),
      options,
    );
    examples.forEach(({ features, label }, i) => {
      if (fold[i] === held)
        judged.push({ scores: scoresOf(model, vectorOf(model.vocabulary, features)), label, fold: held });
    });
    told(held);
  }
  return judged;
}

/** All figures of judged texts. */
export function measure(classes: readonly string[], judged: readonly Judged[]): Measured {
  const folds = new Set(judged.map(({ fold }) => fold)).size;
  const guesses = judged.map((one) => ({ guess: bestOf(one.scores), label: one.label }));
  const temperature = temperatureOf(judged);
  const confident = judged.map((one) => confidenceOf(one, temperature));
  const threshold = thresholdOf(confident);
  const above = confident.filter(({ confidence }) => confidence >= threshold);
  return {
    texts: judged.length,
    classes: classes.length,
    folds,
    accuracy: shareOf(guesses, ({ guess, label }) => guess === label),
    macroF1: macroF1(classes.length, guesses),
    calibrationError: calibrationError(heldOutConfidences(judged)),
    temperature,
    threshold,
    shareAbove: above.length / judged.length,
    accuracyAbove: shareOf(above, ({ isRight }) => isRight),
  };
}

type Confident = { confidence: number; isRight: boolean };

function confidenceOf({ scores, label }: Judged, temperature: number): Confident {
  const shares = scores.map((score) => score / temperature);
  toProbabilities(shares);
  const best = bestOf(shares);
  return { confidence: shares[best]!, isRight: best === label };
}

/** Confidences whose temperature was fitted on other folds only. */
function heldOutConfidences(judged: readonly Judged[]): Confident[] {
  const folds = [...new Set(judged.map(({ fold }) => fold))];
  return folds.flatMap((held) => {
    const others = judged.filter(({ fold }) => fold !== held);
    const temperature = temperatureOf(others.length > 0 ? others : judged);
    return judged.filter(({ fold }) => fold === held).map((one) => confidenceOf(one, temperature));
  });
}

/** The temperature with the least log loss: that is convex in 1/temperature, so a golden-section search finds it. */
export function temperatureOf(judged: readonly Judged[]): number {
  const loss = (inverse: number): number => {
    let sum = 0;
    for (const { scores, label } of judged) {
      const shares = scores.map((score) => score * inverse);
      toProbabilities(shares);
      sum -= Math.log(Math.max(shares[label]!, 1e-12));
    }
    return sum;
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0.1, 10];
  for (let i = 0; i < 25; i++) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)];
    if (loss(left) < loss(right)) high = right;
    else low = left;
  }
  return 2 / (low + high);
}

/** The lowest confidence from which on all together are right as often as wanted; 1 where they never are. */
function thresholdOf(confident: readonly Confident[]): number {
  const falling = [...confident].sort((a, b) => b.confidence - a.confidence);
  let right = 0;
  let lowest = 1;
  falling.forEach(({ confidence, isRight }, i) => {
    if (isRight) right++;
    if (right / (i + 1) >= WANTED_ACCURACY) lowest = confidence;
  });
  // Two digits, upwards: a threshold that a person can quote.
  return Math.min(1, Math.ceil(lowest * 100) / 100);
}

function calibrationError(confident: readonly Confident[]): number {
  const bins = Array.from({ length: CALIBRATION_BINS }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (const { confidence, isRight } of confident) {
    const bin = bins[Math.min(CALIBRATION_BINS - 1, Math.floor(confidence * CALIBRATION_BINS))]!;
    bin.count += 1;
    bin.confidence += confidence;
    if (isRight) bin.right += 1;
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.right - bin.confidence), 0) / confident.length;
}

function macroF1(classes: number, guesses: readonly { guess: number; label: number }[]): number {
  const [hits, guessed, actual] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)];
  for (const { guess, label } of guesses) {
    if (guess === label) hits[label]! += 1;
    guessed[guess]! += 1;
    actual[label]! += 1;
  }
  return hits.reduce((sum, hit, k) => sum + (2 * hit) / Math.max(1, guessed[k]! + actual[k]!), 0) / classes;
}

export function bestOf(scores: Float64Array): number {
  let best = 0;
  for (let k = 1; k < scores.length; k++) if (scores[k]! > scores[best]!) best = k;
  return best;
}

function shareOf<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length;
}
