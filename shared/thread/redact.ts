/**
 * Personal data in a text, replaced by typed placeholders: `[e-mail]`, `[IBAN]`, `[card]`, `[phone]`, and what is known of
 * the customer from handle and fields: `[customer]`, `[name]`, `[address]`, `[date of birth]`. Numbers of orders, tickets
 * and the like stay. Names and addresses that nobody told us of are not found: nothing reliable finds them.
 */
import { countrySpecs, isValidIBAN } from 'ibantools';

/** What is known of a customer: texts and what stands for them. */
export type Known = readonly { text: string; placeholder: string }[];

type Span = { from: number; to: number; placeholder: string };

const FIELD_KINDS: readonly [RegExp, string][] = [
  [
    /^(?:(?:customer|contact|full|first|last|given|family|middle)?name|surname|vorname|nachname|kundenname|account ?holder|card ?holder|kontoinhaber|karteninhaber|ansprechpartner)$/,
    '[name]',
  ],
  [
    /^(?:(?:billing|shipping|postal|delivery|home|street)?address|street|stra(?:ss|ß)e|anschrift|(?:liefer|rechnungs)?adresse)$/,
    '[address]',
  ],
  [/^(?:dateofbirth|dob|birthday|birthdate|geburtsdatum|geburtstag)$/, '[date of birth]'],
];
const kindOf = (field: string): string | undefined => {
  const plain = field.toLowerCase().replaceAll(/[^a-zß]/g, '');
  return FIELD_KINDS.find(([names]) => names.test(plain))?.[1];
};

/** What handle and fields tell of a customer. Texts too short to be told from other words are left out. */
export function knownOf(said: { customer: string; fields: Record<string, string> }): Known {
  const known: { text: string; placeholder: string }[] = [];
  const add = (text: string, placeholder: string) => {
    const isShort = text.length < (/\p{L}/u.test(text) ? 3 : 5);
    if (!isShort && !PLACEHOLDER_WORDS.includes(text.toLowerCase())) known.push({ text, placeholder });
  };
  for (const [field, value] of Object.entries(said.fields)) {
    const placeholder = kindOf(field);
    if (placeholder === undefined) continue;
    add(value.trim(), placeholder);
    if (placeholder === '[name]') for (const word of value.split(/[\s,]+/)) add(word, placeholder);
  }
  add(said.customer.trim(), '[customer]');
  return known;
}
const PLACEHOLDERS = [
  '[e-mail]',
  '[IBAN]',
  '[card]',
  '[phone]',
  '[customer]',
  '[name]',
  '[address]',
  '[date of birth]',
];
const PLACEHOLDER_WORDS = PLACEHOLDERS.join(' ')
  .toLowerCase()
  .split(/[^a-z]+/)
  .concat('e-mail', 'date of birth');

/** A field's value: wholly replaced where its name says what it holds, else as any text. */
export function redactField(name: string, value: string, show: (text: string) => string): string {
  const placeholder = kindOf(name);
  return placeholder === undefined || value.trim() === '' ? show(value) : placeholder;
}

/** Passes at the most: what one pass uncovers (a name that was part of something else), the next one replaces. */
const MOST_PASSES = 4;

/** The text with personal data replaced. Doing it again changes nothing. */
export function redact(text: string, known: Known = []): string {
  let now = text;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const next = redactOnce(now, known);
    if (next === now) break;
    now = next;
  }
  return now;
}

function redactOnce(text: string, known: Known): string {
  const { plain, at } = readable(text);
  const spans = [...emails(plain), ...ibans(plain)];
  const rest = blank(plain, spans);
  const cards = cardsIn(rest);
  const numbers = blank(rest, cards);
  const found = [...spans, ...cards, ...phonesIn(numbers)];
  found.push(...knownIn(blank(numbers, found), known));
  found.sort((a, b) => a.from - b.from);
  let shown = '';
  let end = 0;
  for (const span of found) {
    const [from, to] = [at[span.from] ?? text.length, at[span.to] ?? text.length];
    if (from < end) continue;
    shown += text.slice(end, from) + span.placeholder;
    end = to;
  }
  return shown + text.slice(end);
}

/**
 * The text as a person reads it: full-width and other forms of letters and digits in their plain form, every kind of space
 * and dash as one, nothing invisible. `at` leads back: where each character came from.
 */
function readable(text: string): { plain: string; at: number[] } {
  if (/^[\t\n\r -~]*$/.test(text)) return { plain: text, at: sameAt(text.length) };
  let plain = '';
  const at: number[] = [];
  let place = 0;
  for (const one of text) {
    for (const unit of plainForm(one)) {
      for (let i = 0; i < unit.length; i++) at.push(place);
      plain += unit;
    }
    place += one.length;
  }
  at.push(text.length);
  return { plain, at };
}

const sameAt = (length: number): number[] => Array.from({ length: length + 1 }, (_, i) => i);

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/u;
function plainForm(one: string): string {
  if (INVISIBLE.test(one)) return '';
  if (/\p{Zs}/u.test(one)) return ' ';
  if (/[\p{Pd}\u2212]/u.test(one)) return '-';
  if (/\p{Nd}/u.test(one)) return digitOf(one);
  return /[\u2070-\u209f\u2460-\u24ff\ufb00-\uffef]|[\u{1d400}-\u{1d7ff}]/u.test(one) ? one.normalize('NFKC') : one;
}

/** A decimal digit of any script: each script's ten stand together, so the nearest zero below tells its value. */
function digitOf(one: string): string {
  const folded = one.normalize('NFKC');
  if (/^\d$/.test(folded)) return folded;
  const code = one.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
  return String(value);
}

/** The text with spans made unreadable, so that nothing is found twice; places stay. */
function blank(text: string, spans: readonly Span[]): string {
  let out = text;
  for (const { from, to } of spans) out = `${out.slice(0, from)}${'\u0000'.repeat(to - from)}${out.slice(to)}`;
  return out;
}

const AT = String.raw`(?:@|\s?[([{]\s?(?:at|ät)\s?[)\]}]\s?)`;
const DOT = String.raw`(?:\.|\s?[([{]\s?(?:dot|punkt)\s?[)\]}]\s?)`;
const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}_-]{0,62})`;
const EMAIL = new RegExp(
  String.raw`[\p{L}\p{N}.!#$%&'*+/=?^_{|}~\x60-]{1,64}${AT}${LABEL}(?:${DOT}${LABEL}){1,8}`,
  'giu',
);

const emails = (plain: string): Span[] =>
  plain.includes('@') || /[([{]\s?(?:at|ät)\s?[)\]}]/i.test(plain)
    ? [...plain.matchAll(EMAIL)].map((match) => ({
        from: match.index,
        to: match.index + match[0].length,
        placeholder: '[e-mail]',
      }))
    : [];

const IBAN_START = /(?<![\p{L}\p{N}])[A-Z]{2} ?\d{2}/giu;

/** A country's code, two check digits, and as many characters as its accounts have, in groups or not. */
function ibans(plain: string): Span[] {
  const found: Span[] = [];
  for (const match of plain.matchAll(IBAN_START)) {
    const length = countrySpecs[match[0].slice(0, 2).toUpperCase()]?.chars ?? 0;
    let account = '';
    let to = match.index;
    for (let gap = 0; to < plain.length && account.length < length; to++) {
      const one = plain[to] ?? '';
      if (/[A-Za-z0-9]/.test(one)) account += one;
      gap = /[ .-]/.test(one) ? gap + 1 : 0;
      if (gap > 1 || !/[A-Za-z0-9 .-]/.test(one)) break;
    }
    if (account.length === length && length > 0 && isValidIBAN(account.toUpperCase()))
      found.push({ from: match.index, to, placeholder: '[IBAN]' });
  }
  return found;
}

/** Groups of digits that stand together: between two of them at most two of these signs. */
type Run = { from: number; sign: string; groups: { from: number; to: number; digits: string }[] };
const RUN = /[+(]{0,2}\d+(?:[ ()./-]{1,2}\d+)*/g;

function runsOf(plain: string): Run[] {
  return [...plain.matchAll(RUN)].map((match) => ({
    from: match.index,
    sign: /^[+(]*/.exec(match[0])?.[0] ?? '',
    groups: [...match[0].matchAll(/\d+/g)].map((group) => ({
      from: match.index + group.index,
      to: match.index + group.index + group[0].length,
      digits: group[0],
    })),
  }));
}

/** First digits and lengths of payment cards. */
const CARD =
  /^(?:4\d{15}(?:\d{3})?|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720|220[0-4])\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11,16}|35\d{14,17}|(?:6011|64[4-9]\d|65\d\d|62\d\d|60\d\d|81\d\d)\d{12,15}|(?:50|5[6-9]|6[0-9])\d{12,17})$/;

function cardsIn(plain: string): Span[] {
  const found: Span[] = [];
  for (const { groups } of runsOf(plain)) {
    for (let first = 0; first < groups.length; first++) {
      let digits = '';
      for (let last = first; last < groups.length && digits.length < 19; last++) {
        digits += groups[last]!.digits;
        if (!CARD.test(digits) || !passesLuhn(digits)) continue;
        found.push({ from: groups[first]!.from, to: groups[last]!.to, placeholder: '[card]' });
        first = last;
        break;
      }
    }
  }
  return found;
}

/** ISO/IEC 7812-1, annex B: every second digit from the right doubled, the sum of all digits divisible by ten. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const DATE =
  /(?<![\d./-])(?:(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:\d{4}|\d{2})|(?:0?[1-9]|1[0-2])([./-])(?:0?[1-9]|[12]\d|3[01])\2(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})(?![./-]?\d)/g;
/** Words right before a number that say what it is. */
const IS_NO_PHONE =
  /(?:order|bestell\w*|auftrags?\w*|rechnungs?\w*|invoice|ticket|reference|referenz|ref|tracking|sendungs?\w*|paket\w*|kunden\w*|customer|account|konto\w*|vertrags?\w*|contract|policy|police|serial|serien\w*|article|artikel\w*|sku|isbn|ean|gtin|imei|case|vorgangs?\w*|transaction|transaktions?\w*|booking|buchungs?\w*|id|nr|no|#)(?:[ -]?(?:no|nr|number|nummer|code|id))?[\s.:#=-]{0,3}$/iu;
const IS_PHONE =
  /(?:tele(?:fon|phone)\w*|tel|phone|mobile?|mobil\w*|handy\w*|cell|call(?: me)?|ruf\w*|anruf\w*|whatsapp|sms|fax|durchwahl|erreichbar|reach me)[^\d\n]{0,20}$/iu;

function phonesIn(plain: string): Span[] {
  const text = plain.replaceAll(DATE, (date) => '\u0000'.repeat(date.length));
  return runsOf(text).flatMap((run) => {
    const before = text.slice(Math.max(0, run.from - 40), run.from);
    if (/[\p{L}\p{N}_]$/u.test(before) && !run.sign.includes('+')) return [];
    if (!run.sign.includes('+') && IS_NO_PHONE.test(before)) return [];
    return phonesOf(run, IS_PHONE.test(before));
  });
}

/** Numbers within one run: an international or trunk prefix, the groups of North America, or what a word before says. */
function phonesOf({ from, sign, groups }: Run, isAnnounced: boolean): Span[] {
  const found: Span[] = [];
  for (let first = 0; first < groups.length; first++) {
    const isStart = first === 0;
    const hasPlus = isStart && sign.includes('+');
    const head = groups[first]!.digits;
    const isTrunk = /^0(?:0?[1-9])/.test(head) || (head === '0' && groups.length > first + 1);
    if (!hasPlus && !isTrunk && !isNorthAmerican(groups, first) && !(isStart && isAnnounced)) continue;
    let count = 0;
    let last = first - 1;
    while (last + 1 < groups.length && count + groups[last + 1]!.digits.length <= 15)
      count += groups[++last]!.digits.length;
    const least = hasPlus ? 7 : isStart && isAnnounced ? 6 : 8;
    if (count < least) continue;
    found.push({ from: isStart ? from : groups[first]!.from, to: groups[last]!.to, placeholder: '[phone]' });
    first = last;
  }
  return found;
}

/** Three, three and four digits, after a 1 or not (North American Numbering Plan). */
function isNorthAmerican(groups: Run['groups'], first: number): boolean {
  const at = groups[first]?.digits === '1' ? first + 1 : first;
  const [area, exchange, line] = [groups[at], groups[at + 1], groups[at + 2]].map((group) => group?.digits ?? '');
  return /^[2-9]\d\d$/.test(area ?? '') && /^[2-9]\d\d$/.test(exchange ?? '') && line?.length === 4;
}

/** Known texts as whole words: longer ones in any case, single names as they are written. */
function knownIn(plain: string, known: Known): Span[] {
  const found: Span[] = [];
  for (const { text, placeholder } of [...known].sort((a, b) => b.text.length - a.text.length)) {
    const anyCase = /[\s\d@]/.test(text);
    const [where, what] = anyCase ? [lowered(plain), lowered(text)] : [plain, text];
    for (let from = where.indexOf(what); from >= 0; from = where.indexOf(what, from + what.length)) {
      const to = from + what.length;
      const isWhole =
        !/[\p{L}\p{N}]$/u.test(plain.slice(Math.max(0, from - 2), from)) && !/^[\p{L}\p{N}]/u.test(plain.slice(to));
      const isInside = found.some((other) => from < other.to && to > other.from);
      if (isWhole && !isInside) found.push({ from, to, placeholder });
    }
  }
  return found;
}

/** In lower case, letter by letter, so that places stay. */
const lowered = (text: string): string =>
  text.replaceAll(/\p{Lu}/gu, (one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one));
