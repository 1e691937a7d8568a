/** A country and a kind of tax id, chosen by name. */
import { Select, type SelectProps } from '@mantine/core';
import { countries, taxIdKinds } from './countries.ts';

type Props = Pick<SelectProps, 'name' | 'label' | 'error'> & { value: string; onChange: (value: string) => void };

const COUNTRIES = countries();

export const CountryInput = ({ value, onChange, ...rest }: Props) => (
  <Select
    {...rest}
    value={value === '' ? null : value}
    onChange={(code) => onChange(code ?? '')}
    data={COUNTRIES}
    searchable
    autoComplete="country-name"
  />
);

export const TaxIdKindInput = ({ value, onChange, ...rest }: Props) => (
  <Select
    {...rest}
    value={value === '' ? null : value}
    onChange={(type) => onChange(type ?? '')}
    data={taxIdKinds(value)}
    searchable
    clearable
  />
);
