/** Learning from labelled texts: right on texts it has not seen, the same each time, and small. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossValidate, foldsOf, type Judged, measure, temperatureOf } from './evaluate.ts';
import { featuresOf, wordsOf } from './features.ts';
import { decodeModel, encodeModel, type Model, scoresOfText } from './model.ts';
import { type Example, prepare, TRAIN_DEFAULTS, train } from './train.ts';

const BANKING = fileURLToPath(new URL('../../../shared/data/banking77_train.csv.gz', import.meta.url));
/** A small part of the real categories, close to each other on purpose. */
const SAMPLE = [
  'card_arrival',
  'card_linking',
  'lost_or_stolen_card',
  'card_not_working',
  'exchange_rate',
  'top_up_failed',
  'pending_transfer',
  'transfer_timing',
  'passcode_forgotten',
  'cash_withdrawal_charge',
];
const SMALL: Example[] = [
  ['The parcel has not come yet', 'delivery'],
  ['My parcel is late', 'delivery'],
  ['Where is the parcel I ordered', 'delivery'],
  ['Please send my money back', 'refund'],
  ['I want a refund of my money', 'refund'],
  ['When do I get the refund', 'refund'],
].map(([text = '', category = '']) => ({ text, category }));

const bestOf = (model: Model, text: string): string => {
  const scores = scoresOfText(model, text);
  return model.classes[scores.indexOf(Math.max(...scores))] ?? '';
};
const trained = (examples: readonly Example[], seed = 'a'): Model => {
  const { classes, prepared } = prepare(examples);
  return train(classes, prepared, { ...TRAIN_DEFAULTS, seed });
};

describe('features', () => {
  it('are the same whatever the case, the spaces and the punctuation', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'b', 'c', 'x', 'y', 'ä', 'ß', '0', '9'),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
        const plain = featuresOf(words.join(' '));
        expect(featuresOf(`  ${words.join(' \n\t')}  `)).toEqual(plain);
        expect(featuresOf(words.join(' ').toLowerCase())).toEqual(plain);
        expect(featuresOf(`«${words.join(', ')}»!?`)).toEqual(plain);
      }),
    );
  });

  it('of a text without words are none, and end with a bound however long it is', () => {
    expect(featuresOf(' ?! … ').words.ids).toHaveLength(0);
    expect(wordsOf(Array.from({ length: 2_000 }, (_, i) => `w${i} `).join('')).length).toBeLessThanOrEqual(400);
  });
});

describe('training', () => {
  it('gives the same model bit by bit for the same seed, and another for another', () => {
    expect(encodeModel(trained(SMALL))).toEqual(encodeModel(trained(SMALL)));
    expect(encodeModel(trained(SMALL, 'b'))).not.toEqual(encodeModel(trained(SMALL)));
  });

  it('does not depend on words that stand in one text only', () => {
    const model = trained(SMALL);
    expect(bestOf(model, 'zyzzyva parcel')).toBe(bestOf(model, 'parcel'));
    expect([bestOf(model, 'the parcel'), bestOf(model, 'my money')]).toEqual(['delivery', 'refund']);
  });

  it('keeps within the bytes allowed by leaving out what tells least', () => {
    const { classes, prepared } = prepare(SMALL);
    const allowed = 64 * 1024 + 120;
    const small = train(classes, prepared, { ...TRAIN_DEFAULTS, mostBytes: allowed });
    expect(small.vocabulary.ids).toHaveLength(10);
    expect(encodeModel(small).length).toBeLessThanOrEqual(allowed);
  });

  it('is right for nine in ten unseen real texts of ten categories, and says how sure it is', ({ skip }) => {
    if (!existsSync(BANKING)) return skip(`the labelled texts are not on this machine (${BANKING})`);
    const rows = parse(gunzipSync(readFileSync(BANKING)), { columns: true }) as { intent: string; text: string }[];
    const examples = rows
      .filter(({ intent }) => SAMPLE.includes(intent))
      .map(({ intent, text }) => ({ text, category: intent }));
    const { classes, prepared } = prepare(examples);
    const judged = crossValidate(classes, prepared, 4, { ...TRAIN_DEFAULTS, epochs: 8 });
    const measured = measure(classes, judged);
    console.log(
      `Triage, ${measured.texts} texts in ${measured.classes} categories: ${(measured.accuracy * 100).toFixed(1)} % right, calibration error ${(measured.calibrationError * 100).toFixed(1)} %`,
    );
    expect(classes).toHaveLength(SAMPLE.length);
    expect(measured.texts).toBe(examples.length);
    expect(measured.accuracy).toBeGreaterThan(0.9);
    expect(measured.macroF1).toBeGreaterThan(0.9);
    expect(measured.calibrationError).toBeLessThan(0.05);
  });
});

describe('a model as a file', () => {
  it('is read as it was written', () => {
    const model = { ...trained(SMALL), temperature: 0.9, threshold: 0.8, source: 'six sentences' };
    expect(decodeModel(encodeModel(model))).toEqual(model);
  });

  it('is refused where it is cut or something else', () => {
    const bytes = encodeModel(trained(SMALL));
    expect(() => decodeModel(bytes.subarray(0, -1))).toThrow('not whole');
    expect(() => decodeModel(new Uint8Array(64))).toThrow();
  });
});

describe('measuring', () => {
  const judged = (rows: readonly [number[], number][]): Judged[] =>
    rows.map(([scores, label], i) => ({ scores: Float64Array.from(scores), label, fold: i % 2 }));

  it('spreads each class evenly over the folds', () => {
    const labels = Array.from({ length: 50 }, (_, i) => (i < 40 ? 0 : 1));
    const folds = foldsOf(labels, 5, 'seed');
    for (const [label, each] of [
      [0, 8],
      [1, 2],
    ] as const)
      for (let fold = 0; fold < 5; fold++)
        expect(labels.filter((of, i) => of === label && folds[i] === fold)).toHaveLength(each);
  });

  it('counts accuracy and macro F1 as by hand', () => {
    // Two of three right; F1 of the first class 2·1/(2+1), of the second 2·1/(1+2).
    const measured = measure(
      ['a', 'b'],
      judged([
        [[1, 0], 0],
        [[1, 0], 1],
        [[0, 1], 1],
      ]),
    );
    expect(measured.accuracy).toBeCloseTo(2 / 3, 12);
    expect(measured.macroF1).toBeCloseTo(2 / 3, 12);
  });

  it('finds the temperature at which three in four sure answers that are right mean 75 %', () => {
    // A score 1 ahead of another at temperature t means e^(1/t) / (1 + e^(1/t)): 75 % at t = 1 / ln 3.
    const rows = [0, 0, 0, 1].map((label): [number[], number] => [[1, 0], label]);
    expect(temperatureOf(judged(rows))).toBeCloseTo(1 / Math.log(3), 3);
  });

  it('sets the threshold so that 97 in 100 taken unasked are right', () => {
    const sure = Array.from({ length: 100 }, (_, i): [number[], number] => [[5 + i / 100, 0], i < 97 ? 0 : 1]);
    const unsure = Array.from({ length: 50 }, (_, i): [number[], number] => [[0.1, 0], i % 2]);
    const measured = measure(['a', 'b'], judged([...sure, ...unsure]));
    expect(measured.accuracyAbove).toBeGreaterThanOrEqual(0.97);
    expect(measured.shareAbove).toBeLessThanOrEqual(100 / 150);
  });
});
