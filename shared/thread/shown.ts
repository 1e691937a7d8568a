/** What a provider sees of a request: the fields its company shows, with personal data replaced unless the company allows it. */
import type { Shows } from '../playbook/playbook.ts';
import type { Words } from '../request/request.ts';
import { knownOf, redact, redactField } from './redact.ts';

type Said = Pick<Words, 'customer' | 'text' | 'fields'>;
const NOTHING: Said = { customer: '', text: '', fields: {} };

/** How texts of a request are shown to its provider. `words` are undefined where they were erased. */
export function showTo(shows: Shows, words: Said | undefined): (text: string) => string {
  if (shows.personalData) return (text) => text;
  const known = knownOf(words ?? NOTHING);
  return (text) => redact(text, known);
}

/** Text and fields of a request as its provider sees them. */
export function shownWords(shows: Shows, words: Said | undefined): { text: string; fields: Record<string, string> } {
  const said = words ?? NOTHING;
  const names = Object.keys(said.fields).filter((name) => shows.fields === 'all' || shows.fields.includes(name));
  const show = showTo(shows, said);
  const value = (name: string): string => said.fields[name] ?? '';
  return {
    text: show(said.text),
    fields: Object.fromEntries(
      names.map((name) => [name, shows.personalData ? value(name) : redactField(name, value(name), show)]),
    ),
  };
}
