/** How many people a share of the demand takes, and what a resolution costs then. Nothing of it is kept. */
import { Button, Paper, Select, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { type Staffing, StaffingInput } from '../../../../shared/staffing/staffing.ts';
import { call } from '../../api/call.ts';
import { moneyText, percentText } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { useForm } from '../../ui/use-form.ts';
import { t } from './messages.en.ts';
import { type StaffingValues, toInput, unitCostMicros } from './staffing.ts';

type Props = { weekly: number | null; slaHours: number; currency: string; isAtOnce: boolean };

const initial = (weekly: number | null, isAtOnce: boolean): StaffingValues => ({
  answer: isAtOnce ? 'at_once' : 'by_deadline',
  volume: weekly,
  handleMinutes: 10,
  hours: 40,
  concurrency: 1,
  shrinkagePercent: 25,
  levelPercent: isAtOnce ? 80 : 95,
  withinSeconds: 20,
  patienceSeconds: null,
  hourMicros: null,
});

export function Calculator({ weekly, slaHours, currency, isAtOnce }: Props) {
  const form = useForm({
    initial: initial(weekly, isAtOnce),
    schema: StaffingInput,
    toBody: (values) => toInput(values, slaHours),
  });
  const [found, setFound] = useState<{ staffing: Staffing; values: StaffingValues } | null>(null);
  const { values } = form;
  const number = (name: keyof StaffingValues, label: string, more: object = {}) => (
    <NumberInput
      label={label}
      value={(values[name] as number | null) ?? ''}
      onChange={(value) => form.set({ [name]: typeof value === 'number' ? value : null })}
      min={0}
      hideControls
      required
      {...more}
    />
  );
  return (
    <Paper p="md">
      <Title order={2}>{t('staff.title')}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('staff.lead')}
      </Text>
      <form
        onSubmit={form.submit(async (body) => {
          setFound({ staffing: await call('post', '/v1/staffing', { body: StaffingInput.parse(body) }), values });
        })}
      >
        <Stack>
          <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="xs">
            {number(
              'volume',
              t('staff.volume'),
              weekly === null ? {} : { description: t('staff.volume.hint', { count: weekly }) },
            )}
            {number('handleMinutes', t('staff.handle'), weekly === null ? {} : { description: '\u00a0' })}
            {number('hours', t('staff.hours'), { max: 168 })}
            {number('concurrency', t('staff.concurrency'), { min: 1, max: 10, allowDecimal: false })}
            {number('shrinkagePercent', t('staff.shrinkage'), { max: 90 })}
            {number('levelPercent', t('staff.level'), { max: 99.9 })}
            <Select
              label={t('staff.answer')}
              value={values.answer}
              allowDeselect={false}
              onChange={(answer) => form.set({ answer: (answer ?? 'by_deadline') as StaffingValues['answer'] })}
              data={(['by_deadline', 'at_once'] as const).map((value) => ({
                value,
                label: t(`staff.answer.${value}`),
              }))}
            />
            {values.answer === 'at_once' && number('withinSeconds', t('staff.within'), { max: 3_600 })}
            {values.answer === 'at_once' &&
              number('patienceSeconds', t('staff.patience'), {
                max: 86_400,
                required: false,
                placeholder: t('staff.patience.none'),
              })}
            <MoneyInput
              label={t('staff.cost')}
              currency={currency}
              value={values.hourMicros}
              onChange={(hourMicros) => form.set({ hourMicros })}
            />
          </SimpleGrid>
          <ProblemAlert error={form.problem} />
          {Object.keys(form.errors).length > 0 && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {Object.values(form.errors)[0]}
            </Text>
          )}
          <Button type="submit" variant="light" loading={form.isSending} w="fit-content">
            {t('staff.compute')}
          </Button>
        </Stack>
      </form>
      <div role="status">{found !== null && <Answer {...found} currency={currency} />}</div>
    </Paper>
  );
}

function Answer({ staffing, values, currency }: { staffing: Staffing; values: StaffingValues; currency: string }) {
  const { agents, scheduled, occupancyBps, levelBps, waitSeconds } = staffing.pooled;
  const unit = unitCostMicros(values, scheduled);
  return (
    <Stack gap={4} mt="md">
      <Text fz={20} fw={650}>
        {t('staff.people', { count: agents })}
      </Text>
      <Text size="sm">
        {t('staff.scheduled', { count: scheduled })}. {t('staff.occupancy', { share: percentText(occupancyBps) })}.
      </Text>
      {levelBps !== null && (
        <Text size="sm">
          {t('staff.level.got', { share: percentText(levelBps), wait: Math.round(waitSeconds ?? 0) })}.
        </Text>
      )}
      {unit !== null && (
        <Text size="sm" fw={600}>
          {t('staff.unit', { price: moneyText(unit, currency) })}
          <Text span size="sm" c="dimmed" fw={400} display="block">
            {t('staff.unit.note', { scheduled, hours: values.hours ?? 0, volume: values.volume ?? 0 })}
          </Text>
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {t('staff.model', { model: staffing.model })}
      </Text>
    </Stack>
  );
}
