/** The form of a payout profile. */
import { Button, Group, NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { type PayoutProfile, PayoutProfileInput } from '../../../../shared/payout/account.ts';
import { useAct } from '../../api/use-api.ts';
import { NumberInput } from '../../ui/number-input.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { t as address } from '../billing-profile/messages.en.ts';
import { errorOf } from '../billing-profile/values.ts';
import { Section } from '../finance-parts/section.tsx';
import { t } from './messages.en.ts';
import { type PayoutValues, toProfile, valuesOf } from './values.ts';

const COLUMNS = { base: 1, sm: 2, lg: 3 };
const ENTITIES = ['company', 'individual', 'non_profit'] as const;
const REGIMES = ['none', 'small_business', 'domestic', 'reverse_charge'] as const;
const PLACE = ['line1', 'line2', 'city', 'postalCode', 'state', 'country'] as const;

export function PayoutForm({ of }: { of: PayoutProfile | undefined }) {
  const put = useAct('put', '/v1/payout-profile');
  const form = useForm({ initial: valuesOf(of), schema: PayoutProfileInput, toBody: toProfile });
  const text = (name: keyof PayoutValues, label: string) => {
    const error = errorOf({ ...form.errors, ...wholeTaxId(form.errors) }, name);
    return <TextInput key={name} {...form.text(name)} label={label} {...(error === undefined ? {} : { error })} />;
  };
  return (
    <form
      onSubmit={form.submit(async (body) => {
        await put.mutateAsync({ body: PayoutProfileInput.parse(body) });
        sayDone(t('saved'));
      })}
    >
      <Section title={t('who')}>
        <SimpleGrid cols={COLUMNS}>
          {text('legalName', t('legalName'))}
          <NativeSelect
            {...form.text('entityType')}
            label={t('entity')}
            data={ENTITIES.map((entity) => ({ value: entity, label: t(`entity.${entity}`) }))}
          />
          {PLACE.map((name) => text(name, address(name)))}
          {text('contactEmail', t('email'))}
        </SimpleGrid>
      </Section>
      <Section title={t('tax')}>
        <SimpleGrid cols={COLUMNS}>
          <NativeSelect
            {...form.text('vatRegime')}
            label={t('regime')}
            data={REGIMES.map((regime) => ({ value: regime, label: t(`regime.${regime}`) }))}
          />
          {form.values.vatRegime === 'domestic' && (
            <NumberInput {...form.value('vatRateBps')} label={t('rate')} min={0} max={30} suffix=" %" />
          )}
          {text('taxType', address('taxType'))}
          {text('taxValue', address('taxValue'))}
        </SimpleGrid>
      </Section>
      <ProblemAlert error={form.problem} />
      <Group justify="flex-end">
        <Button type="submit" loading={form.isSending}>
          {t('save')}
        </Button>
      </Group>
    </form>
  );
}

/** What is said of the tax id as a whole stands at its value. */
const wholeTaxId = (errors: Readonly<Record<string, string>>): Record<string, string> =>
  errors.taxId === undefined ? {} : { 'taxId.value': errors.taxId };
