/** A list of a playbook that is written: entries of one or two texts, added, moved and removed. */
import { ActionIcon, Button, Group, Paper, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Errors } from '../../ui/use-form.ts';
import { WhyNot } from '../../ui/why-not.tsx';
import { t } from './messages.en.ts';
import { type Entry, FIELDS, type ListName, moved } from './values.ts';

/** Texts that are longer than a line. */
const LONG: readonly string[] = ['markdown', 'text', 'rule'];
const MOST: Readonly<Record<string, number>> = { markdown: 16_000, text: 2_000, title: 120, name: 80, url: 500 };
const USUAL_MOST = 400;

type Props = { list: ListName; entries: readonly Entry[]; errors: Errors; onChange: (entries: Entry[]) => void };

export function Entries({ list, entries, errors, onChange }: Props) {
  const change = (key: string, field: string, value: string) =>
    onChange(entries.map((entry) => (entry.key === key ? { ...entry, [field]: value } : entry)));
  const add = () => {
    const texts = Object.fromEntries(FIELDS[list].map((field) => [field, '']));
    onChange([...entries, { ...texts, key: crypto.randomUUID() }]);
  };
  return (
    <Stack gap="sm">
      {entries.length === 0 && <Text c="dimmed">{t('nothing')}</Text>}
      {entries.map((entry, n) => (
        <Paper key={entry.key} p="sm">
          <Group align="flex-start" wrap="nowrap" gap="xs">
            <Stack gap="xs" flex={1} miw={0}>
              {FIELDS[list].map((field) => (
                <TextField
                  key={field}
                  list={list}
                  field={field}
                  value={entry[field] ?? ''}
                  error={errors[`${list}[${n}].${field}`]}
                  onChange={(value) => change(entry.key, field, value)}
                />
              ))}
            </Stack>
            <Stack gap={4}>
              <Tool label={t('up')} whyNot={n === 0 ? t('up.first') : null} act={() => onChange(moved(entries, n, -1))}>
                <IconArrowUp size={16} />
              </Tool>
              <Tool
                label={t('down')}
                whyNot={n === entries.length - 1 ? t('down.last') : null}
                act={() => onChange(moved(entries, n, 1))}
              >
                <IconArrowDown size={16} />
              </Tool>
              <Tool label={t('remove')} act={() => onChange(entries.filter(({ key }) => key !== entry.key))}>
                <IconX size={16} />
              </Tool>
            </Stack>
          </Group>
        </Paper>
      ))}
      <Group>
        <Button variant="default" size="xs" onClick={add}>
          {t(`${list}.add`)}
        </Button>
      </Group>
    </Stack>
  );
}

type FieldProps = {
  list: ListName;
  field: string;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
};

function TextField({ list, field, value, error, onChange }: FieldProps) {
  const label = t(`${list}.${field}` as 'sections.title');
  const props = {
    label,
    value,
    maxLength: MOST[field] ?? USUAL_MOST,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
    ...(error === undefined ? {} : { error }),
  };
  return LONG.includes(field) ? (
    <Textarea {...props} autosize minRows={field === 'markdown' ? 5 : 2} maxRows={24} />
  ) : (
    <TextInput {...props} />
  );
}

type ToolProps = { label: string; whyNot?: string | null; act: () => void; children: ReactNode };

function Tool({ label, whyNot = null, act, children }: ToolProps) {
  return (
    <WhyNot why={whyNot}>
      <ActionIcon variant="default" size="sm" aria-label={label} onClick={act}>
        {children}
      </ActionIcon>
    </WhyNot>
  );
}
