/** An amount that is typed in units of a currency and kept in micro-units; null while it is empty. */
import type { ComponentProps } from 'react';
import { NumberInput } from './number-input.tsx';

const MICROS_PER_UNIT = 1_000_000;

type Props = Omit<ComponentProps<typeof NumberInput>, 'value' | 'onChange' | 'min' | 'max' | 'thousandSeparator'> & {
  currency: string;
  value: number | null;
  onChange: (micros: number | null) => void;
};

export function MoneyInput({ currency, value, onChange, ...rest }: Props) {
  return (
    <NumberInput
      {...rest}
      value={value === null ? '' : value / MICROS_PER_UNIT}
      onChange={(units) => onChange(typeof units === 'number' ? Math.round(units * MICROS_PER_UNIT) : null)}
      min={0}
      decimalScale={6}
      thousandSeparator
      hideControls
      rightSection={<span aria-hidden="true">{currency}</span>}
      rightSectionWidth={52}
      inputMode="decimal"
    />
  );
}
