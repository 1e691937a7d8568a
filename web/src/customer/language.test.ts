import { describe, expect, it } from 'vitest';
import { firstLanguage, sizeText } from './language.ts';
import { de } from './messages.de.ts';
import { en } from './messages.en.ts';

describe('the language of the page', () => {
  it('is what was chosen, else the first one that it knows, else English', () => {
    expect(firstLanguage('de', ['en-GB'])).toBe('de');
    expect(firstLanguage(null, ['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(firstLanguage(null, ['fr-FR'])).toBe('en');
  });

  it('fills the same values in, whichever it is', () => {
    const values = (text: string) => new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name));
    for (const key of Object.keys(en) as (keyof typeof en)[]) expect(values(de[key]), key).toEqual(values(en[key]));
  });
});

it('a file’s size is told in the unit that fits', () => {
  expect(sizeText(512, 'en')).toBe('1 kB');
  expect(sizeText(1_250_000, 'de')).toBe('1,3 MB');
});
