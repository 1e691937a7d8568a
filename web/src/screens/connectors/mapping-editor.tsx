/** For each part of a request, where it stands in a message. */
import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type FieldRow, type How, IN_ORDER, PATH_ROW, type Row, type Rows } from './mapping-rows.ts';
import { t } from './messages.en.ts';

const HOWS: readonly How[] = ['none', 'path', 'value', 'several'];
const HINTED: readonly string[] = ['externalId', 'customer'];

type Props = {
  rows: Rows;
  /** Places to choose from. */
  paths: readonly string[];
  /** Whether what is left out is found by a ready mapping. */
  isKnown: boolean;
  onChange: (rows: Rows) => void;
};

export function MappingEditor({ rows, paths, isKnown, onChange }: Props) {
  const { plain, fields } = rows;
  const setField = (place: number, change: Partial<FieldRow>) =>
    onChange({ plain, fields: fields.map((one, n) => (n === place ? { ...one, ...change } : one)) });
  return (
    <Stack>
      <div>
        <Title order={2}>{t('mapping.title')}</Title>
        <Text size="sm" c="dimmed">
          {t(isKnown ? 'mapping.lead.zendesk' : 'mapping.lead')}
        </Text>
      </div>
      {IN_ORDER.map((field) => (
        <div key={field}>
          <Text size="sm" fw={600}>
            {t(`field.${field}`)}
          </Text>
          {HINTED.includes(field) && (
            <Text size="xs" c="dimmed">
              {t(`field.${field as 'customer'}.hint`)}
            </Text>
          )}
          <SourceRow
            name={t(`field.${field}`)}
            row={plain[field]}
            paths={paths}
            isKnown={isKnown}
            onChange={(row) => onChange({ plain: { ...plain, [field]: row }, fields })}
          />
        </div>
      ))}
      <div>
        <Title order={3} size="h4">
          {t('fields.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('fields.lead')}
        </Text>
      </div>
      {fields.map(({ name, row }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field has no id but its place
        <div key={place}>
          <Group gap="xs" wrap="nowrap" align="flex-end" mb={4}>
            <TextInput
              label={t('fields.name', { n: place + 1 })}
              value={name}
              onChange={(event) => setField(place, { name: event.currentTarget.value })}
              maxLength={60}
              size="xs"
              style={{ flex: 1 }}
            />
            <ActionIcon
              variant="default"
              size={30}
              aria-label={t('fields.remove', { name: name === '' ? String(place + 1) : name })}
              onClick={() => onChange({ plain, fields: fields.filter((_, n) => n !== place) })}
            >
              <IconX size={14} />
            </ActionIcon>
          </Group>
          <SourceRow
            name={name === '' ? t('fields.name', { n: place + 1 }) : name}
            row={row}
            paths={paths}
            isKnown={false}
            onChange={(changed) => setField(place, { row: changed })}
          />
        </div>
      ))}
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        onClick={() => onChange({ plain, fields: [...fields, { name: '', row: PATH_ROW }] })}
      >
        {t('fields.add')}
      </Button>
    </Stack>
  );
}

type RowProps = {
  name: string;
  row: Row;
  paths: readonly string[];
  isKnown: boolean;
  onChange: (row: Row) => void;
};

function SourceRow({ name, row, paths, isKnown, onChange }: RowProps) {
  const { how } = row;
  const set = (change: Partial<Row>) => onChange({ ...row, ...change });
  const label = (each: How) => t(each === 'none' && isKnown ? 'how.known' : `how.${each}`);
  return (
    <Stack gap={6} mt={4}>
      <Group gap="xs" align="flex-start" wrap="wrap">
        <Select
          aria-label={t('how', { field: name })}
          w={{ base: '100%', xs: 200 }}
          size="xs"
          value={how}
          allowDeselect={false}
          data={HOWS.map((each) => ({ value: each, label: label(each) }))}
          onChange={(value) => set({ how: (value ?? 'none') as How })}
        />
        {how === 'path' && (
          <Autocomplete
            aria-label={t('path', { field: name })}
            placeholder={t('path.hint')}
            size="xs"
            style={{ flex: 1, minWidth: 180 }}
            value={row.path}
            data={[...paths]}
            onChange={(path) => set({ path })}
          />
        )}
        {how === 'value' && (
          <TextInput
            aria-label={t('value', { field: name })}
            size="xs"
            style={{ flex: 1, minWidth: 180 }}
            value={row.value}
            onChange={(event) => set({ value: event.currentTarget.value })}
          />
        )}
      </Group>
      {how === 'several' && <Several name={name} row={row} paths={paths} set={set} />}
    </Stack>
  );
}

type SeveralProps = { name: string; row: Row; paths: readonly string[]; set: (change: Partial<Row>) => void };

function Several({ name, row, paths, set }: SeveralProps) {
  return (
    <>
      <TagsInput
        label={t('from', { field: name })}
        size="xs"
        maxTags={8}
        value={[...row.from]}
        data={[...paths]}
        onChange={(from) => set({ from })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        <Select
          label={t('take')}
          size="xs"
          value={row.take}
          allowDeselect={false}
          data={(['first', 'all'] as const).map((value) => ({ value, label: t(`take.${value}`) }))}
          onChange={(value) => set({ take: (value ?? 'first') as Row['take'] })}
        />
        <TextInput
          label={t('fallback')}
          size="xs"
          value={row.fallback}
          onChange={(event) => set({ fallback: event.currentTarget.value })}
        />
      </SimpleGrid>
      <Textarea
        label={t('cases')}
        description={t('cases.hint')}
        size="xs"
        autosize
        minRows={2}
        value={row.cases}
        onChange={(event) => set({ cases: event.currentTarget.value })}
      />
    </>
  );
}
