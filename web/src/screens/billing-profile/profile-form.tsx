/** The form of a billing profile. */
import { Button, Group, NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { type BillingProfile, BillingProfileInput } from '../../../../shared/billing-profile/billing-profile.ts';
import { useAct } from '../../api/use-api.ts';
import { NumberInput } from '../../ui/number-input.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { Section } from '../finance-parts/section.tsx';
import { t } from './messages.en.ts';
import { errorOf, type ProfileValues, toProfile, valuesOf } from './values.ts';

const METHODS = ['charge_automatically', 'send_invoice'] as const;
const COLUMNS = { base: 1, sm: 2, lg: 3 };

export function ProfileForm({ of }: { of: BillingProfile | undefined }) {
  const put = useAct('put', '/v1/billing-profile');
  const form = useForm({ initial: valuesOf(of), schema: BillingProfileInput, toBody: toProfile });
  const text = (name: keyof ProfileValues, label: string) => {
    const error = errorOf(form.errors, name);
    return <TextInput {...form.text(name)} label={label} {...(error === undefined ? {} : { error })} />;
  };
  return (
    <form
      onSubmit={form.submit(async (body) => {
        await put.mutateAsync({ body: BillingProfileInput.parse(body) });
        sayDone(t('saved'));
      })}
    >
      <Section title={t('who')}>
        <SimpleGrid cols={COLUMNS}>
          {text('legalName', t('legalName'))}
          {text('line1', t('line1'))}
          {text('line2', t('line2'))}
          {text('city', t('city'))}
          {text('postalCode', t('postalCode'))}
          {text('state', t('state'))}
          {text('country', t('country'))}
          {text('taxType', t('taxType'))}
          <TextInput
            {...form.text('taxValue')}
            label={t('taxValue')}
            {...(of?.taxIdVerification == null
              ? {}
              : { description: `${t('verification')}: ${t(`verification.${of.taxIdVerification}`)}` })}
            error={errorOf(form.errors, 'taxValue')}
          />
        </SimpleGrid>
      </Section>
      <Section title={t('how')}>
        <SimpleGrid cols={COLUMNS}>
          {text('billingEmail', t('email'))}
          {text('order', t('order'))}
          <TextInput
            {...form.text('orderUntil')}
            type="date"
            label={t('orderUntil')}
            error={errorOf(form.errors, 'orderUntil')}
          />
          {text('costCentre', t('costCentre'))}
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
          {t('save')}
        </Button>
      </Group>
    </form>
  );
}
