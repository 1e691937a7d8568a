/** What a provider must not read is replaced, and what it needs stays. */

import fc from 'fast-check';
import { isValidIBAN } from 'ibantools';
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { type CountryCode, getCountries, getExampleNumber } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { knownOf, passesLuhn, redact } from './redact.ts';
import { shownWords } from './shown.ts';

describe('a text in English or German', () => {
  it.each([
    ['Write to ada.lovelace@example.com, please.', 'Write to [e-mail], please.'],
    ['Mail: <ADA+shop@mail.example.co.uk>', 'Mail: <[e-mail]>'],
    ['müller@straße.de und ünï@例え.jp', '[e-mail] und [e-mail]'],
    ['ada (at) example (dot) com or ada[at]example.org', '[e-mail] or [e-mail]'],
    ['ada＠example.com', '[e-mail]'],
    ['a\u200bda@exam\u200bple.com', '[e-mail]'],
    ['My card is 4111 1111 1111 1111, exp 12/27', 'My card is [card], exp 12/27'],
    ['4111-1111-1111-1111', '[card]'],
    ['378282246310005 and 5555555555554444', '[card] and [card]'],
    ['４１１１１１１１１１１１１１１１', '[card]'],
    ['4111\u00a01111\u202f1111–1111', '[card]'],
    ['IBAN DE89 3704 0044 0532 0130 00 bitte', 'IBAN [IBAN] bitte'],
    ['de89370400440532013000', '[IBAN]'],
    ['GB82 WEST 1234 5698 7654 32.', '[IBAN].'],
    ['Call me at +49 30 1234567 tomorrow', 'Call me at [phone] tomorrow'],
    ['Tel. 030/1234567', 'Tel. [phone]'],
    ['Mobil: 0171-1234567 oder (0171) 123 45 67', 'Mobil: [phone] oder [phone]'],
    ['0049 171 1234567', '[phone]'],
    ['My number is (415) 555-2671 or 415.555.2671', 'My number is [phone] or [phone]'],
    ['phone 5552671', 'phone [phone]'],
    ['Telefon ٠٣٠١٢٣٤٥٦٧', 'Telefon [phone]'],
  ])('%j becomes %j', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    'Order 0301234567 is late',
    'Bestellnummer: 0171 1234567',
    'Rechnung Nr. 004711-2026',
    'ticket #0123456789',
    'Sendungsnummer 00340434161094042557',
    'on 01.02.2026 at 08:30, or 2026-03-04 17:00',
    'It cost 1.234,56 EUR, then 12 345.00 USD',
    'Version 10.0.19045, 4 of 12 items',
    'My card ends in 4242',
    '4111 1111 1111 1112 is no card',
    'ISBN 978-3-16-148410-0',
    'meet @ada on page 4711',
    'Loan 12345678 since 2019',
    '',
  ])('%j stays as it is', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('is searched in time that grows with its length: 8,000 signs of the worst kinds', () => {
    for (const worst of [
      'a'.repeat(8_000),
      '1 '.repeat(4_000),
      'a@'.repeat(4_000),
      'DE89 '.repeat(1_600),
      '(0'.repeat(4_000),
    ])
      expect(redact(worst).length).toBeLessThanOrEqual(worst.length * 5);
  });
});

describe('what handle and fields tell', () => {
  const said = {
    customer: 'K-778812',
    text: 'I am Ada Lovelace (ADA LOVELACE), account K-778812. Ada will call; I will mark it. Adam too.',
    fields: {
      'Customer name': 'Ada Lovelace',
      address: '12 St James Square',
      product_name: 'Ada engine',
      plan: 'gold',
    },
  };

  it('is replaced in the text and in fields of that kind, and other words stay', () => {
    expect(shownWords({ fields: 'all', personalData: false, attachments: true }, said)).toEqual({
      text: 'I am [name] ([name]), account [customer]. [name] will call; I will mark it. Adam too.',
      fields: { 'Customer name': '[name]', address: '[address]', product_name: '[name] engine', plan: 'gold' },
    });
  });

  it('is shown as it is where the playbook says so, and only the fields that it names', () => {
    const shown = shownWords({ fields: ['plan', 'unknown'], personalData: true, attachments: true }, said);
    expect(shown).toEqual({ text: said.text, fields: { plan: 'gold' } });
  });

  it('never mangles a placeholder, though a customer be named like one', () => {
    const known = knownOf({ customer: 'name', fields: { name: 'Mail Card' } });
    const once = redact('Mail a@b.example to name, Mail Card', known);
    expect(once).toBe('Mail [e-mail] to name, [name]');
    expect(redact(once, known)).toBe(once);
  });
});

describe('numbers that libphonenumber gives as examples', () => {
  it('are found in their international form for every country', () => {
    const left = getCountries().flatMap((country: CountryCode) => {
      const number = getExampleNumber(country, examples)?.formatInternational();
      return number === undefined || !/\d/.test(redact(`Reach me: ${number}.`)) ? [] : [`${country} ${number}`];
    });
    expect(left).toEqual([]);
  });

  it.each<CountryCode>(['DE', 'AT', 'CH', 'GB', 'FR', 'US', 'CA', 'IE', 'NL', 'IT'])(
    'are found in the national form of %s after a word that says phone',
    (country) => {
      const number = getExampleNumber(country, examples)?.formatNational() ?? '';
      expect(redact(`phone: ${number}`)).toBe('phone: [phone]');
    },
  );
});

const digits = (length: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length });
/** A card of 16 digits whose last one makes the sum right. */
const card = digits(14).map((middle) => {
  const start = `4${middle.join('')}`;
  return Array.from({ length: 10 }, (_, last) => `${start}${last}`).find(passesLuhn) ?? '';
});
/** A German account with check digits by ISO 13616: 98 less the remainder by 97. */
const iban = digits(18).map((account) => {
  const rest = BigInt(`${account.join('')}131400`) % 97n;
  return `DE${String(98n - rest).padStart(2, '0')}${account.join('')}`;
});
const email = fc.emailAddress().filter((address) => /^[\w.+-]{1,64}@/.test(address));
const grouped = (text: string, sign: string) => text.replaceAll(/(.{4})(?=.)/g, `$1${sign}`);
const secret = fc.oneof(
  email,
  fc.tuple(card, fc.constantFrom('', ' ', '-', '\u00a0')).map(([number, sign]) => grouped(number, sign)),
  fc.tuple(iban, fc.constantFrom('', ' ')).map(([number, sign]) => grouped(number, sign)),
);

describe('any text', () => {
  const noise = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 20 }), secret);
  const texts = fc.array(noise, { maxLength: 6 }).map((parts) => parts.join(' '));

  it('is the same after redacting twice as after once, and grows at most by a placeholder for three signs', () => {
    fc.assert(
      fc.property(texts, fc.string({ minLength: 3, maxLength: 12 }), (text, name) => {
        const known = knownOf({ customer: name, fields: { name } });
        const once = redact(text, known);
        expect(redact(once, known)).toBe(once);
        expect(once.length).toBeLessThanOrEqual(text.length * 5 + 15);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps no e-mail address, card or IBAN that was put into it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('I am ', '(', 'Hier: ', '“'),
        secret,
        fc.constantFrom('.', ', danke', ')', ''),
        (a, b, c) => {
          const shown = redact(`${a}${b}${c}`);
          expect(shown).not.toContain(b);
          expect(shown).toMatch(/\[(?:e-mail|card|IBAN)\]/);
          expect(isValidIBAN(shown.replaceAll(/[^A-Z0-9]/g, ''))).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
