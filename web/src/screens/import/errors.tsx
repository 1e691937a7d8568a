/** The rows that were refused, and the file to mend them in. */
import { Button, Group, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { RowError } from '../../../../shared/import/import.ts';
import { fetchFile, saveBlob } from '../../api/file.ts';
import { usePages } from '../../api/use-api.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { sayFailed } from '../../ui/toast.tsx';
import { allErrors } from './errors-file.ts';
import { t } from './messages.en.ts';

const columns: readonly Column<RowError>[] = [
  { key: 'row', header: t('errors.row'), cell: ({ row }) => row },
  { key: 'line', header: t('errors.line'), isNumber: true, cell: ({ line }) => line },
  { key: 'why', header: t('errors.why'), cell: (error) => <Why error={error} /> },
  {
    key: 'content',
    header: t('errors.content'),
    cell: ({ content }) => (
      <Text span size="sm" c="dimmed" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
        {content}
      </Text>
    ),
  },
];

/** What is wrong, and with which fields where that says more. */
function Why({ error: { detail, errors, code } }: { error: RowError }) {
  const fields = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  return (
    <div>
      <Text span>{detail}</Text>
      <Text size="sm" c="dimmed">
        {fields === '' || fields === detail ? code : fields}
      </Text>
    </div>
  );
}

export function Errors({ id, name, refreshMs }: { id: string; name: string; refreshMs: number | undefined }) {
  const errors = usePages(
    '/v1/imports/{import}/errors',
    { path: { import: id }, query: { limit: 50 } },
    refreshMs === undefined ? {} : { refreshMs },
  );
  return (
    <section>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t('errors.title')}</Title>
        {errors.items.length > 0 && <ErrorsFile id={id} name={name} />}
      </Group>
      <PagedTable
        caption={t('errors.caption')}
        columns={columns}
        pages={errors}
        rowKey={({ row }) => String(row)}
        empty={{ title: t('errors.none'), text: t('errors.none.text') }}
      />
    </section>
  );
}

function ErrorsFile({ id, name }: { id: string; name: string }) {
  const [rows, setRows] = useState<number | null>(null);
  const save = async () => {
    setRows(0);
    try {
      const path = `/v1/imports/${encodeURIComponent(id)}/errors.csv`;
      const read = async (after: number) => (await fetchFile(path, { after: String(after) })).text();
      const text = await allErrors(read, setRows);
      saveBlob(t('errors.name', { name }), new Blob([text], { type: 'text/csv' }));
    } catch (error) {
      sayFailed(t('errors.failed'), error);
    }
    setRows(null);
  };
  const isSaving = rows !== null;
  return (
    <Button variant="default" size="xs" onClick={() => void save()} disabled={isSaving}>
      {rows === null ? t('errors.file') : t('errors.pages', { rows })}
    </Button>
  );
}
