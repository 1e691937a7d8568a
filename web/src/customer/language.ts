/** In which language the page speaks, and its texts. */
import { createContext, useContext } from 'react';
import { type Translate, texts } from '../messages/texts.ts';
import { de } from './messages.de.ts';
import { en } from './messages.en.ts';

export type Language = 'en' | 'de';
type Text = Translate<typeof en>;

const CATALOGUES: Readonly<Record<Language, Text>> = {
  en: texts(en, 'en', 'en'),
  de: texts(de, 'de', 'de') as unknown as Text,
};
const CHOSEN = 'parley.language';

/** What the person chose here before, else the first language of theirs that the page knows, else English. */
export function firstLanguage(chosen: string | null, preferred: readonly string[]): Language {
  const wanted = [...(chosen === null ? [] : [chosen]), ...preferred].map((tag) => tag.toLowerCase().split('-')[0]);
  return wanted.find((tag): tag is Language => tag === 'en' || tag === 'de') ?? 'en';
}

export const rememberedLanguage = (): string | null => localStorage.getItem(CHOSEN);
export const rememberLanguage = (language: Language): void => localStorage.setItem(CHOSEN, language);

export const LanguageContext = createContext<Language>('en');

export const useLanguage = (): Language => useContext(LanguageContext);
export const useText = (): Text => CATALOGUES[useLanguage()];

/** A time as the person's zone and the page's language write it. */
export function useTimeText(): (iso: string) => string {
  const language = useLanguage();
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return (iso) => format.format(Date.parse(iso));
}

/** A file's size: `1.2 MB`. */
export function sizeText(bytes: number, language: string): string {
  const [value, unit] = bytes < 1_000_000 ? [Math.max(1, bytes / 1_000), 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    maximumFractionDigits: unit === 'kilobyte' ? 0 : 1,
  }).format(value);
}
