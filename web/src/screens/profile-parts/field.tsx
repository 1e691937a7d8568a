/** A field of a profile's form, with what is wrong with it by the path that the market names. */
import { TextInput, type TextInputProps } from '@mantine/core';
import type { Form } from '../../ui/use-form.ts';
import { CountryInput, TaxIdKindInput } from './place-inputs.tsx';
import { errorOf } from './values.ts';

type Props<V> = Pick<TextInputProps, 'type' | 'description'> & {
  form: Pick<Form<V, unknown>, 'text' | 'errors' | 'set'>;
  name: keyof V & string;
  label: string;
};

/** What has few right answers is chosen by its name; all else is typed. */
const CHOSEN: Readonly<Record<string, typeof CountryInput>> = { country: CountryInput, taxType: TaxIdKindInput };

export function Field<V>({ form, name, label, ...input }: Props<V>) {
  const error = errorOf(form.errors, name);
  const wrong = error === undefined ? {} : { error };
  const text = form.text(name);
  const Chosen = CHOSEN[name];
  if (Chosen === undefined) return <TextInput {...text} {...input} label={label} {...wrong} />;
  const choose = (value: string) => form.set({ [name]: value } as Partial<V>);
  return <Chosen name={name} label={label} value={text.value} onChange={choose} {...wrong} />;
}
