/**
 * Texts by key. A catalogue is a plain object beside the screen that shows it (`messages.en.ts`); what every screen may need
 * stands in `messages/en.ts`. `{name}` in a text is filled in; `{count|one request|{count} requests}` chooses by number.
 */
export type Catalogue = Readonly<Record<string, string>>;
export type Values = Readonly<Record<string, string | number>>;
export type Translate<C extends Catalogue> = (key: keyof C & string, values?: Values) => string;

const CHOICE = /\{(\w+)\|([^|{}]*(?:\{\w+\}[^|{}]*)*)\|([^|{}]*(?:\{\w+\}[^|{}]*)*)\}/g;
const PLACE = /\{(\w+)\}/g;

/**
 * The texts of a catalogue, whose words are of `language`. Numbers in them are written as those beside them: as `numbers`
 * says, which is the person's own locale where left out.
 */
export function texts<const C extends Catalogue>(catalogue: C, language = 'en', numbers?: string): Translate<C> {
  const format = new Intl.NumberFormat(numbers);
  const plurals = new Intl.PluralRules(language);
  const shown = (value: string | number | undefined): string =>
    typeof value === 'number' ? format.format(value) : (value ?? '');
  return (key, values = {}) =>
    (catalogue[key] ?? key)
      .replace(CHOICE, (_, name: string, one: string, other: string) =>
        plurals.select(Number(values[name])) === 'one' ? one : other,
      )
      .replace(PLACE, (_, name: string) => shown(values[name]));
}
