/** The form of a payout profile. */
import { Button, Group, NativeSelect, SimpleGrid } from '@mantine/core';
import { type PayoutProfile, PayoutProfileInput } from '../../../../shared/payout/account.ts';
import { useAct } from '../../api/use-api.ts';
import { NumberInput } from '../../ui/number-input.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { Section } from '../finance-parts/section.tsx';
import { Field } from '../profile-parts/field.tsx';
import { t as party } from '../profile-parts/messages.en.ts';
import { PLACE } from '../profile-parts/values.ts';
import { t } from './messages.en.ts';
import { toProfile, valuesOf } from './values.ts';

const COLUMNS = { base: 1, sm: 2, lg: 3 };
const ENTITIES = ['company', 'individual', 'non_profit'] as const;
const REGIMES = ['none', 'small_business', 'domestic', 'reverse_charge'] as const;

export function PayoutForm({ of }: { of: PayoutProfile | undefined }) {
  const put = useAct('put', '/v1/payout-profile');
  const form = useForm({
    initial: valuesOf(of),
    schema: PayoutProfileInput,
    toBody: toProfile,
    keep: 'payout profile',
  });
  return (
    <form
      onSubmit={form.submit(async (body) => {
        await put.mutateAsync({ body: PayoutProfileInput.parse(body) });
        sayDone(t('saved'));
      })}
    >
      <Section title={t('who')}>
        <SimpleGrid cols={COLUMNS}>
          <Field form={form} name="legalName" label={party('legalName')} />
          <NativeSelect
            {...form.text('entityType')}
            label={t('entity')}
            data={ENTITIES.map((entity) => ({ value: entity, label: t(`entity.${entity}`) }))}
          />
          {PLACE.map((name) => (
            <Field key={name} form={form} name={name} label={party(name)} />
          ))}
          <Field form={form} name="contactEmail" label={t('email')} />
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
          <Field form={form} name="taxType" label={party('taxType')} />
          <Field form={form} name="taxValue" label={party('taxValue')} />
        </SimpleGrid>
      </Section>
      <ProblemAlert error={form.problem} />
      <Group justify="flex-end">
        <Button type="submit" loading={form.isSending}>
          {party('save')}
        </Button>
      </Group>
    </form>
  );
}
