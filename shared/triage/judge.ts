/**
 * Into which of a company's categories a text falls: what the market's model says, and over it what the company itself
 * has said of texts like this one.
 */
import { type Features, featuresOf } from './features.ts';
import { type Model, scoresOf } from './model.ts';
import { featuresOfSketch, likeness, type Sketch, sketchOf, tellingBy, type Weighed, weigh } from './sketch.ts';
import { toProbabilities } from './train.ts';
import { vectorOf } from './vocabulary.ts';

/** A category with the probability that it is the right one. */
export type Guess = { category: string; confidence: number };
/** Guesses from the likeliest on; with `other`, the probability of none of them, they sum to 1. */
export type Judgement = { ranked: Guess[]; other: number };

/** A text whose category a company has named, ready to be compared. */
export type Named = { category: string; weighed: Weighed; roots: Float64Array | null };

/** Used where there is no model to say it. */
export const DEFAULT_THRESHOLD = 0.8;
/** Of the likeness of two texts, the part that the model's opinion of both makes up; measured, see the README. */
const OPINION_PART = 0.3;
/** Up to this likeness nothing follows from a named text, from the second on everything. */
const UNLIKE = 0.25;
const ALIKE = 0.65;
/** How many named texts vote, and how much more a nearer one counts: e^(sharpness · difference). */
const VOTERS = 8;
const SHARPNESS = 15;

/** Makes a company's named text ready, once for many comparisons. */
export function ready(model: Model | null, sketch: Sketch, category: string): Named {
  const weighed = weigh(sketch, tellingBy(model?.vocabulary));
  return { category, weighed, roots: rootsOf(model, featuresOfSketch(sketch)) };
}

/**
 * Judges a text. The model's probability and the vote of the nearest named texts are mixed by how near the nearest is:
 * `(likeness − 0.25) / 0.4`, within 0 and 1. What falls to neither of the categories is `other`.
 */
export function judge(
  model: Model | null,
  named: readonly Named[],
  text: string,
  categories: readonly string[],
): Judgement {
  const features = featuresOf(text);
  const opinion = model === null ? null : opinionOf(model, features);
  const { weight, votes } = vote(model, named, features, opinion);
  const ranked = [...new Set(categories)].map((category) => {
    const byModel = model === null || opinion === null ? 0 : opinionOn(model, opinion, category);
    return { category, confidence: (1 - weight) * byModel + weight * (votes.get(category) ?? 0) };
  });
  ranked.sort((a, b) => b.confidence - a.confidence || (a.category < b.category ? -1 : 1));
  const other = Math.max(0, 1 - ranked.reduce((sum, { confidence }) => sum + confidence, 0));
  return { ranked, other };
}

/** The model's probability of each of its classes; null where it knows nothing that stands in the text. */
function opinionOf(model: Model, features: Features): Float64Array | null {
  const vector = vectorOf(model.vocabulary, features);
  if (vector.rows.length === 0) return null;
  const shares = scoresOf(model, vector).map((score) => score / model.temperature);
  toProbabilities(shares);
  return shares;
}

function opinionOn(model: Model, opinion: Float64Array, category: string): number {
  const name = plainName(category);
  return model.classes.reduce((sum, known, k) => (plainName(known) === name ? sum + opinion[k]! : sum), 0);
}

/** `Card arrival`, `card_arrival` and `card-arrival` are one category. */
const plainName = (category: string): string =>
  category
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

function rootsOf(model: Model | null, features: Features): Float64Array | null {
  return (model === null ? null : opinionOf(model, features))?.map(Math.sqrt) ?? null;
}

/** What the nearest named texts say, and how much it counts. */
function vote(model: Model | null, named: readonly Named[], features: Features, opinion: Float64Array | null) {
  const votes = new Map<string, number>();
  if (named.length === 0) return { weight: 0, votes };
  const telling = tellingBy(model?.vocabulary);
  const text = weigh(sketchOf(features, telling), telling);
  const roots = opinion?.map(Math.sqrt) ?? null;
  const near = named
    .map((other, place) => ({ category: other.category, likeness: likenessOf(text, roots, other), place }))
    .sort((a, b) => b.likeness - a.likeness || a.place - b.place)
    .slice(0, VOTERS);
  const nearest = near[0]?.likeness ?? 0;
  let sum = 0;
  for (const other of near) {
    const counts = Math.exp(SHARPNESS * (other.likeness - nearest));
    votes.set(other.category, (votes.get(other.category) ?? 0) + counts);
    sum += counts;
  }
  for (const [category, counts] of votes) votes.set(category, counts / sum);
  return { weight: Math.min(1, Math.max(0, (nearest - UNLIKE) / (ALIKE - UNLIKE))), votes };
}

/** Likeness of the texts, and of what the model thinks of them (the Bhattacharyya coefficient of its two opinions). */
function likenessOf(text: Weighed, roots: Float64Array | null, other: Named): number {
  const ofTexts = likeness(text, other.weighed);
  if (roots === null || other.roots === null) return ofTexts;
  let ofOpinions = 0;
  for (let k = 0; k < roots.length; k++) ofOpinions += roots[k]! * other.roots[k]!;
  return (1 - OPINION_PART) * ofTexts + OPINION_PART * Math.min(1, ofOpinions);
}
