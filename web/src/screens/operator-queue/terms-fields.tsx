/** The terms of a queue as fields: of one that is there, or of one that is about to be opened. */
import { Select, SimpleGrid, Switch, TextInput } from '@mantine/core';
import type { Currency } from '../../../../shared/kernel/money.ts';
import { RoundLength } from '../../../../shared/kernel/time.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import type { Form } from '../../ui/use-form.ts';
import { t } from './messages.en.ts';
import { type AMOUNTS, type NUMBERS, PERCENTS, type TermsValues } from './terms-values.ts';

type Props = {
  form: Form<TermsValues, unknown>;
  currency: Currency;
  amounts: readonly (typeof AMOUNTS)[number][];
  numbers: readonly (typeof NUMBERS)[number][];
  /** Where the terms stand in what is sent: `terms.`. */
  below?: string;
};

export function TermsFields({ form, currency, amounts, numbers, below = '' }: Props) {
  const { values, errors } = form;
  const errorOf = (name: string) => {
    const error = errors[`${below}${name}`];
    return error === undefined ? {} : { error };
  };
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} verticalSpacing="xs">
        {amounts.map((name) => (
          <MoneyInput
            key={name}
            label={t(`field.${name}`)}
            currency={currency}
            value={values[name]}
            onChange={(micros) => form.set({ [name]: micros })}
            {...errorOf(name)}
          />
        ))}
        {[...numbers, ...PERCENTS].map((name) => (
          <NumberInput
            key={name}
            label={t(`field.${name}`)}
            value={values[name] ?? ''}
            onChange={(value) => form.set({ [name]: typeof value === 'number' ? value : null })}
            hideControls
            {...errorOf(name)}
          />
        ))}
        <Select
          label={t('field.roundLength')}
          data={RoundLength.options.map((value) => ({ value, label: t(`roundLength.${value}`) }))}
          value={values.roundLength}
          allowDeselect={false}
          onChange={(length) => form.set({ roundLength: RoundLength.parse(length) })}
        />
        <TextInput
          {...form.text('provisionalHours')}
          label={t('field.provisionalHours')}
          {...errorOf('provisionalHours')}
        />
      </SimpleGrid>
      <Switch {...form.checkbox('publishSealedFile')} label={t('field.publishSealedFile')} />
    </>
  );
}
