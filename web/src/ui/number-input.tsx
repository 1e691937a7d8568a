/** A number that is typed as the person writes numbers: `1.234,5` where a comma stands before the decimals. */
import { NumberInput as Field, type NumberInputProps } from '@mantine/core';
import { separators } from './format.ts';

type Props = Omit<NumberInputProps, 'thousandSeparator' | 'decimalSeparator' | 'allowedDecimalSeparators'> & {
  /** For large numbers: with what the person puts between thousands. */
  thousandSeparator?: boolean;
};

const { decimal, group } = separators();
/** Many have no comma beside their digits: a point is one too, unless it stands between thousands. */
const TYPED = group === '.' ? [decimal] : [decimal, '.'];

export function NumberInput({ thousandSeparator = false, ...rest }: Props) {
  return (
    <Field
      {...rest}
      decimalSeparator={decimal}
      allowedDecimalSeparators={TYPED}
      {...(thousandSeparator ? { thousandSeparator: group } : {})}
    />
  );
}
