/** A text of a profile's form, with what is wrong with it by the path that the market names. */
import { TextInput, type TextInputProps } from '@mantine/core';
import type { Form } from '../../ui/use-form.ts';
import { errorOf } from './values.ts';

type Props<V> = Pick<TextInputProps, 'type' | 'description'> & {
  form: Pick<Form<V, unknown>, 'text' | 'errors'>;
  name: keyof V & string;
  label: string;
};

export function Field<V>({ form, name, label, ...input }: Props<V>) {
  const error = errorOf(form.errors, name);
  return <TextInput {...form.text(name)} {...input} label={label} {...(error === undefined ? {} : { error })} />;
}
