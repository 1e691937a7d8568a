/** Volume, reserve price, and limits on providers. */
import {
  Checkbox,
  Group,
  MultiSelect,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Title,
} from '@mantine/core';
import { ProviderKind } from '../../../../shared/bid/bid.ts';
import type { Terms } from '../../../../shared/terms/terms.ts';
import { useEach } from '../../api/use-each.ts';
import { moneyText, percentText } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import type { Form } from '../../ui/use-form.ts';
import { useCommitments } from '../company-parts/own.ts';
import { t } from './messages.en.ts';
import type { Values } from './values.ts';

type Props = { form: Form<Values, unknown>; terms: Terms };
const BPS_PER_PERCENT = 100;
const asNumber = (value: string | number): number | null => (typeof value === 'number' ? value : null);

export function DemandStep({ form, terms }: Props) {
  const currency = form.values.currency;
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput
          {...form.value('volume')}
          value={form.values.volume ?? ''}
          onChange={(value) => form.set({ volume: asNumber(value) })}
          label={t('volume')}
          description={t('volume.text', { share: percentText(terms.takeOrPayBps) })}
          min={1}
          allowDecimal={false}
          thousandSeparator
          required
          data-autofocus
        />
        <MoneyInput
          {...form.value('reserveMicros')}
          currency={currency}
          label={t('reserve')}
          description={t('reserve.text', { ceiling: moneyText(terms.ceilingMicros, currency) })}
          placeholder={moneyText(terms.ceilingMicros, currency)}
        />
      </SimpleGrid>
      <Limits form={form} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <MoneyInput
          {...form.value('failureCostMicros')}
          currency={currency}
          label={t('failure')}
          description={t('failure.text', { usual: moneyText(terms.failureCostMicros, currency) })}
          placeholder={moneyText(terms.failureCostMicros, currency)}
        />
        <Choice
          label={t('overflow.label')}
          description={t('overflow.text')}
          data={[
            { value: 'allowed', label: t('overflow.allowed') },
            { value: 'refused', label: t('overflow.refused') },
          ]}
          value={form.values.overflow}
          onChange={(overflow) => form.set({ overflow: overflow as Values['overflow'] })}
        />
      </SimpleGrid>
      <Switch {...form.checkbox('rollOver')} label={t('rollOver')} description={t('rollOver.text')} />
    </Stack>
  );
}

function Limits({ form }: { form: Props['form'] }) {
  const quality = form.values['limits.minimumQualityBps'];
  return (
    <Paper p="md">
      <Title order={3}>{t('limits.title')}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('limits.text')}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Choice
          label={t('limits.automation')}
          description={t('limits.automation.text')}
          data={(['first', 'allowed', 'never'] as const).map((value) => ({
            value,
            label: t(`limits.automation.${value}`),
          }))}
          value={form.values['limits.automation']}
          onChange={(value) => form.set({ 'limits.automation': value as Values['limits.automation'] })}
        />
        <NumberInput
          {...form.value('limits.minimumQualityBps')}
          value={quality === null ? '' : quality / BPS_PER_PERCENT}
          onChange={(value) => {
            const percent = asNumber(value);
            form.set({ 'limits.minimumQualityBps': percent === null ? null : Math.round(percent * BPS_PER_PERCENT) });
          }}
          label={t('limits.quality')}
          description={t('limits.quality.text')}
          min={0}
          max={100}
          decimalScale={2}
        />
        <Checkbox.Group
          {...form.value('limits.kinds')}
          onChange={(kinds) => form.set({ 'limits.kinds': kinds as ProviderKind[] })}
          label={t('limits.kinds')}
          description={t('limits.kinds.text')}
        >
          <Group mt="xs">
            {ProviderKind.options.map((kind) => (
              <Checkbox key={kind} value={kind} label={t(`limits.kinds.${kind}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Blocked form={form} />
      </SimpleGrid>
    </Paper>
  );
}

/** Providers that have worked for the company may be left out by name. */
function Blocked({ form }: { form: Props['form'] }) {
  const blocked = form.values['limits.blocked'];
  const awarded = useCommitments().items.flatMap(({ award }) => award?.byProvider ?? []);
  const known = [...new Set([...awarded.map(({ provider }) => provider), ...blocked])].sort();
  const names = useEach(
    '/v1/organisations/{organisation}/reputation',
    known.map((organisation) => ({ path: { organisation } })),
  ).data;
  if (known.length === 0) return null;
  return (
    <MultiSelect
      {...form.value('limits.blocked')}
      label={t('limits.blocked')}
      description={t('limits.blocked.text')}
      data={known.map((id, n) => ({ value: id, label: names?.[n]?.name ?? id }))}
      clearable
    />
  );
}

type ChoiceProps = {
  label: string;
  description: string;
  data: { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
};

function Choice({ label, description, data, value, onChange }: ChoiceProps) {
  return (
    <div>
      <Text size="sm" fw={600} component="div">
        {label}
      </Text>
      <Text size="xs" c="dimmed" mb={5}>
        {description}
      </Text>
      <SegmentedControl aria-label={label} data={data} value={value} onChange={onChange} fullWidth />
    </div>
  );
}
