/** The form of a billing profile. */
import { Button, Group, NativeSelect, SimpleGrid } from '@mantine/core';
import { type BillingProfile, BillingProfileInput } from '../../../../shared/billing-profile/billing-profile.ts';
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

const METHODS = ['charge_automatically', 'send_invoice'] as const;
const COLUMNS = { base: 1, sm: 2, lg: 3 };

export function ProfileForm({ of }: { of: BillingProfile | undefined }) {
  const put = useAct('put', '/v1/billing-profile');
  const form = useForm({
    initial: valuesOf(of),
    schema: BillingProfileInput,
    toBody: toProfile,
    keep: 'billing profile',
  });
  return (
    <form
      onSubmit={form.submit(async (body) => {
        await put.mutateAsync({ body: BillingProfileInput.parse(body) });
        sayDone(t('saved'));
      })}
    >
      <Section title={t('who')}>
        <SimpleGrid cols={COLUMNS}>
          {(['legalName', ...PLACE, 'taxType'] as const).map((name) => (
            <Field key={name} form={form} name={name} label={party(name)} />
          ))}
          <Field
            form={form}
            name="taxValue"
            label={party('taxValue')}
            {...(of?.taxIdVerification == null
              ? {}
              : { description: `${t('verification')}: ${t(`verification.${of.taxIdVerification}`)}` })}
          />
        </SimpleGrid>
      </Section>
      <Section title={t('how')}>
        <SimpleGrid cols={COLUMNS}>
          <Field form={form} name="billingEmail" label={t('email')} />
          <Field form={form} name="order" label={t('order')} />
          <Field form={form} name="orderUntil" type="date" label={t('orderUntil')} />
          <Field form={form} name="costCentre" label={t('costCentre')} />
        </SimpleGrid>
      </Section>
      <Section title={t('pay')}>
        <SimpleGrid cols={COLUMNS}>
          <NativeSelect
            {...form.text('collectionMethod')}
            label={t('method')}
            data={METHODS.map((method) => ({ value: method, label: t(`method.${method}`) }))}
          />
          {form.values.collectionMethod === 'send_invoice' && (
            <NumberInput {...form.value('daysUntilDue')} label={t('days')} min={1} max={60} />
          )}
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
