/** Opening hours that are written: a time zone, the spans of each weekday, and days with hours of their own. */
import { ActionIcon, Button, Group, Select, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { OpeningHours } from '../../../shared/calendar/calendar.ts';
import { t } from '../messages/hours.en.ts';
import type { Errors } from './use-form.ts';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
type Span = OpeningHours['week']['monday'][number];
const USUAL: Span = { from: '09:00', to: '17:00' };
const MOST_SPANS = 6;

type Props = {
  value: OpeningHours;
  onChange: (hours: OpeningHours) => void;
  /** By the names of the fields below it, such as `week.monday[0].to`. */
  errors: Errors;
};

/** Office hours in the person's own zone: what a form begins with. */
export const usualHours = (): OpeningHours => ({
  timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  week: {
    monday: [USUAL],
    tuesday: [USUAL],
    wednesday: [USUAL],
    thursday: [USUAL],
    friday: [USUAL],
    saturday: [],
    sunday: [],
  },
  exceptions: [],
});

export function OpeningHoursInput({ value, onChange, errors }: Props) {
  const zones = Intl.supportedValuesOf('timeZone');
  return (
    <Stack gap="lg">
      <Select
        label={t('zone')}
        data={zones.includes(value.timeZone) ? zones : [value.timeZone, ...zones]}
        value={value.timeZone}
        onChange={(timeZone) => onChange({ ...value, timeZone: timeZone ?? value.timeZone })}
        error={errors.timeZone}
        searchable
        allowDeselect={false}
        maw={320}
      />
      <section>
        <Title order={2} size="h3" mb="xs">
          {t('week')}
        </Title>
        <Stack gap="xs">
          {DAYS.map((day) => (
            <DayRow
              key={day}
              name={t(day)}
              spans={value.week[day]}
              onChange={(spans) => onChange({ ...value, week: { ...value.week, [day]: spans } })}
            />
          ))}
        </Stack>
        <Wrong errors={errors} under="week" />
      </section>
      <Exceptions value={value} onChange={onChange} errors={errors} />
    </Stack>
  );
}

function Exceptions({ value, onChange, errors }: Props) {
  const { exceptions } = value;
  const set = (next: OpeningHours['exceptions']) => onChange({ ...value, exceptions: next });
  return (
    <section>
      <Title order={2} size="h3">
        {t('exceptions')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('exceptions.text')}
      </Text>
      <Stack gap="xs">
        {exceptions.map(({ date, open }, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a day is named by its place while its date is typed
          <Group key={n} align="flex-start" gap="xs">
            <TextInput
              type="date"
              aria-label={t('exceptions.date')}
              value={date}
              onChange={(event) =>
                set(exceptions.map((day, m) => (m === n ? { ...day, date: event.currentTarget.value } : day)))
              }
            />
            <DayRow
              name={date}
              isNameHidden
              spans={open}
              onChange={(spans) => set(exceptions.map((day, m) => (m === n ? { ...day, open: spans } : day)))}
            />
            <ActionIcon
              variant="default"
              aria-label={t('exceptions.remove')}
              onClick={() => set(exceptions.filter((_, m) => m !== n))}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button variant="default" size="xs" onClick={() => set([...exceptions, { date: '', open: [] }])}>
            {t('exceptions.add')}
          </Button>
        </Group>
      </Stack>
      <Wrong errors={errors} under="exceptions" />
    </section>
  );
}

type DayProps = { name: string; isNameHidden?: boolean; spans: readonly Span[]; onChange: (spans: Span[]) => void };

function DayRow({ name, isNameHidden = false, spans, onChange }: DayProps) {
  const change = (at: number, part: Partial<Span>) =>
    onChange(spans.map((span, n) => (n === at ? { ...span, ...part } : span)));
  return (
    <Group align="flex-start" gap="sm">
      <Switch
        w={isNameHidden ? undefined : 140}
        pt={6}
        label={isNameHidden ? undefined : name}
        aria-label={t('open', { day: name })}
        checked={spans.length > 0}
        onChange={(event) => onChange(event.currentTarget.checked ? [USUAL] : [])}
      />
      {spans.length === 0 && (
        <Text c="dimmed" pt={6}>
          {t('closed')}
        </Text>
      )}
      <Stack gap={4}>
        {spans.map((span, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a span is named by its place while its times are typed
          <Group key={n} gap={6} wrap="nowrap">
            <TimeOfDay label={t('from', { day: name })} value={span.from} onChange={(from) => change(n, { from })} />
            <span aria-hidden="true">–</span>
            <TimeOfDay label={t('to', { day: name })} value={span.to} onChange={(to) => change(n, { to })} />
            {spans.length > 1 && (
              <ActionIcon
                variant="default"
                aria-label={t('remove')}
                onClick={() => onChange(spans.filter((_, m) => m !== n))}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {spans.length > 0 && spans.length < MOST_SPANS && (
          <Button variant="subtle" size="compact-sm" onClick={() => onChange([...spans, USUAL])}>
            {t('add')}
          </Button>
        )}
      </Stack>
    </Group>
  );
}

/** Text, since a day may end at 24:00, which no input for times knows. */
function TimeOfDay({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      aria-label={label}
      w={74}
      value={value}
      placeholder="09:00"
      maxLength={5}
      inputMode="numeric"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Wrong({ errors, under }: { errors: Errors; under: string }) {
  return Object.entries(errors)
    .filter(([field]) => field.startsWith(under))
    .map(([field, message]) => (
      <Text key={field} size="sm" c="var(--parley-bad)" role="alert" mt={4}>
        {field.replace(/^\w+[.]?/, '')} {message}
      </Text>
    ));
}
