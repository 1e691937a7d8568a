/** Sorting texts: what the shipped model says, and how a company's own word counts over it. */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { featuresOf } from './features.ts';
import { judge, type Named, ready } from './judge.ts';
import { decodeModel } from './model.ts';
import { sketchFromText, sketchOf, sketchText, tellingBy } from './sketch.ts';
import { triaged } from './triage.ts';

const model = decodeModel(readFileSync(new URL('../../functions/triage.model', import.meta.url)));
const CATEGORIES = ['Card arrival', 'Lost or stolen card', 'Exchange rate', 'Loyalty points'];
const choices = new Map(CATEGORIES.map((category, i) => [category, [`queue-${i}`]]));

const named = (text: string, category: string, by = model as typeof model | null): Named =>
  ready(by, sketchOf(featuresOf(text), tellingBy(by?.vocabulary)), category);
const first = (text: string, corrections: readonly Named[] = [], by: typeof model | null = model) =>
  judge(by, corrections, text, CATEGORIES).ranked[0]!;
/** The queue that a request of this text would go to. */
const queueFor = (text: string, corrections: readonly Named[] = []) =>
  triaged(judge(model, corrections, text, CATEGORIES), choices, model.threshold).queue;

describe('the shipped model', () => {
  it('says where its examples came from and under which licence', () => {
    expect(model.classes).toHaveLength(77);
    expect(model.source).toContain('CC BY 4.0');
  });

  it.each([
    ['My new card still has not arrived, it has been two weeks', 'Card arrival'],
    ['My card was stolen, please block it', 'Lost or stolen card'],
    ['What exchange rate do you use for dollars?', 'Exchange rate'],
  ])('knows what "%s" is about, by categories that are spelt otherwise', (text, category) => {
    expect(first(text).category).toBe(category);
    expect(queueFor(text)).toBe(choices.get(category)![0]);
  });

  it('is not sure of what is none of the categories, and asks', () => {
    const judgement = judge(model, [], 'How do I change my address?', CATEGORIES);
    expect(judgement.other).toBeGreaterThan(0.5);
    expect(queueFor('How do I change my address?')).toBeNull();
    expect(queueFor('qqq zzz')).toBeNull();
    expect(queueFor('')).toBeNull();
  });
});

describe('a judgement', () => {
  it('shares out exactly the whole, and is the same each time and in any case and spacing', () => {
    const corrections = [named('my points are gone', 'Loyalty points'), named('where is the card', 'Card arrival')];
    const words = 'my card points rate stolen lost is not here when dollars please'.split(' ');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 15 }), (some) => {
        const text = some.join(' ');
        const judgement = judge(model, corrections, text, CATEGORIES);
        const sum = judgement.ranked.reduce((all, { confidence }) => all + confidence, judgement.other);
        expect(sum).toBeCloseTo(1, 9);
        for (const { confidence } of judgement.ranked) expect(confidence).toBeGreaterThanOrEqual(0);
        expect(judge(model, corrections, `  ${text.toUpperCase()}!`, CATEGORIES)).toEqual(judgement);
      }),
    );
  });

  it('takes a queue only where its category has one', () => {
    const text = 'My new card still has not arrived, it has been two weeks';
    const two = new Map([['Card arrival', ['by-phone', 'by-web']]]);
    const view = triaged(judge(model, [], text, ['Card arrival']), two, model.threshold);
    expect(view.queue).toBeNull();
    expect(view.suggestions[0]).toMatchObject({ category: 'Card arrival', queues: ['by-phone', 'by-web'] });
  });
});

describe('a correction', () => {
  const TEXT = 'My new card still has not arrived, it has been two weeks';

  it('holds for the same text and for its near twins, against the model', () => {
    expect(first(TEXT).category).toBe('Card arrival');
    const corrections = [named(TEXT, 'Lost or stolen card')];
    expect(queueFor(TEXT, corrections)).toBe('queue-1');
    expect(queueFor('my new card has still not arrived, its been two weeks!!', corrections)).toBe('queue-1');
  });

  it('changes nothing for other texts', () => {
    const corrections = [named(TEXT, 'Lost or stolen card')];
    for (const text of ['What exchange rate do you use for dollars?', 'I lost my wallet with the card in it'])
      expect(first(text, corrections).category).toBe(first(text).category);
  });

  it('teaches a category that the model does not know, from three examples', () => {
    const examples = [
      'How many loyalty points do I have?',
      'My bonus points from last month are missing',
      'Can I spend my points on a flight?',
    ].map((text) => named(text, 'Loyalty points'));
    expect(queueFor('How many bonus points do I have left?')).toBeNull();
    expect(first('How many bonus points do I have left?', examples).category).toBe('Loyalty points');
    expect(queueFor('my loyalty points from last month are missing', examples)).toBe('queue-3');
  });

  it('works without any model', () => {
    const examples = [named('the parcel is late', 'Card arrival', null), named('wrong rate', 'Exchange rate', null)];
    const guess = first('The parcel is late.', examples, null);
    expect(guess.category).toBe('Card arrival');
    expect(guess.confidence).toBeCloseTo(1, 4);
    expect(judge(null, [], 'The parcel is late.', CATEGORIES).other).toBe(1);
  });

  it('of a category that the company no longer has counts as something else', () => {
    const judgement = judge(model, [named(TEXT, 'Gone')], TEXT, CATEGORIES);
    expect(judgement.other).toBeGreaterThan(0.99);
  });
});

describe('a sketch', () => {
  it('is read as it was written, and fits an item of one write unit', () => {
    const telling = tellingBy(model.vocabulary);
    const long = Array.from({ length: 300 }, (_, i) => `word${i * 7919}`).join(' ');
    for (const text of ['', 'one', long]) {
      const sketch = sketchOf(featuresOf(text), telling);
      const written = sketchText(sketch);
      const read = sketchFromText(written);
      expect([[...read.words], [...read.letters]]).toEqual([[...sketch.words], [...sketch.letters]]);
      expect(written.length).toBeLessThan(800);
    }
  });
});
