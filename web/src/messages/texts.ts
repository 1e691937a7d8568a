/**
 * Texts by key. A catalogue is a plain object beside the screen that shows it (`messages.en.ts`); what every screen may need
 * stands in `messages/en.ts`. `{name}` in a text is filled in; `{count|one request|{count} requests}` chooses by number.
 */
export type Catalogue = Readonly<Record<string, string>>;
export type Values = Readonly<Record<string, string | number>>;
export type Translate<C extends Catalogue> = (key: keyof C & string, values?: Values) => string;

const CHOICE = /\{(\w+)\|([^|{}]*(?:\{\w+\}[^|{}]*)*)\|([^|{}]*(?:\{\w+\}[^|{}]*)*)\}/g;
const PLACE = /\{(\w+)\}/g;

/** The texts of a catalogue, with numbers as `language` writes them. */
export function texts<const C extends Catalogue>(catalogue: C, language = 'en'): Translate<C> {
  const numbers = new Intl.NumberFormat(language);
  const plurals = new Intl.PluralRules(language);
  const shown = (value: string | number | undefined): string =>
    typeof value === 'number' ? numbers.format(value) : (value ?? '');
  return (key, values = {}) =>
    (catalogue[key] ?? key)
      .replace(CHOICE, (_, name: string, one: string, other: string) =>
        plurals.select(Number(values[name])) === 'one' ? one : other,
      )
      .replace(PLACE, (_, name: string) => shown(values[name]));
}
