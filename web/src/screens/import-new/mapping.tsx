/** Which column becomes what, and what the first rows then look like. */
import { Paper, Select, SimpleGrid, Text, Title } from '@mantine/core';
import type { Draft, Mapping } from '../../../../shared/request/mapping.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { t } from './messages.en.ts';
import { CHOSEN, type Chosen, draftsOf, type Head } from './preview.ts';

type Props = { head: Head; chosen: Chosen; mapping: Mapping; onChange: (chosen: Chosen) => void };

export function MappingChoice({ head, chosen, mapping, onChange }: Props) {
  return (
    <>
      <Paper p="md">
        <Title order={2}>{t('mapping.title')}</Title>
        <Text size="sm" c="dimmed" mb="sm">
          {t('mapping.text')}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
          {CHOSEN.map((field) => (
            <Select
              key={field}
              label={t(`field.${field}`)}
              data={[{ value: '', label: noneText(field, head.usual) }, ...head.columns]}
              value={chosen[field] ?? ''}
              onChange={(column) => onChange({ ...chosen, [field]: column === '' ? null : column })}
              allowDeselect={false}
              searchable
            />
          ))}
        </SimpleGrid>
      </Paper>
      {chosen.customer === null && (
        <Text c="var(--parley-bad)" role="alert">
          {t('preview.noCustomer')}
        </Text>
      )}
      <section>
        <Title order={2} mb="sm">
          {t('preview.title')}
        </Title>
        <DataTable
          caption={t('preview.caption')}
          columns={columnsOf(mapping)}
          rows={draftsOf(head, mapping).map((draft, n) => ({ draft, n }))}
          rowKey={({ n }) => String(n)}
        />
      </section>
    </>
  );
}

/** Words may stand in two columns, such as a subject and a body. */
function noneText(field: (typeof CHOSEN)[number], usual: Mapping): string {
  const source = usual[field];
  return field === 'text' && typeof source === 'object' && 'from' in source
    ? t('mapping.several', { columns: source.from.join(', ') })
    : t('mapping.none');
}

type Row = { draft: Draft; n: number };

function columnsOf(mapping: Mapping): Column<Row>[] {
  const plain = CHOSEN.filter((field) => mapping[field] !== undefined).map(
    (field): Column<Row> => ({
      key: field,
      header: t(`field.${field}`),
      cell: ({ draft }) => <Short text={draft[field] ?? ''} />,
    }),
  );
  if (mapping.fields === undefined) return plain;
  const fields: Column<Row> = {
    key: 'fields',
    header: t('field.fields'),
    cell: ({ draft }) => (
      <Short
        text={Object.entries(draft.fields ?? {})
          .map(([name, value]) => `${name}: ${value}`)
          .join(' · ')}
      />
    ),
  };
  return [...plain, fields];
}

function Short({ text }: { text: string }) {
  return (
    <Text span size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
      {text}
    </Text>
  );
}
