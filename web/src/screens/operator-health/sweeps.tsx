/** What is due, and how far each sweep has come. */
import { Paper, Text, Title } from '@mantine/core';
import type { DueView, SweepView } from '../../../../shared/operations/operations.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { durationText } from '../../ui/format.ts';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

function Lag({ ms }: { ms: number }) {
  return ms <= 0 ? t('onTime') : <span className="bad">{durationText(ms)}</span>;
}

const dueColumns: readonly Column<DueView>[] = [
  { key: 'kind', header: t('due.kind'), cell: ({ kind }) => t(`due.${kind}`) },
  { key: 'next', header: t('due.next'), cell: ({ nextDueAt }) => <When iso={nextDueAt} show="absolute" /> },
  { key: 'lag', header: t('due.lag'), isNumber: true, cell: ({ lagMs }) => <Lag ms={lagMs} /> },
];

export function Due({ due }: { due: readonly DueView[] }) {
  return (
    <section>
      <Title order={2} mb="sm">
        {t('due.title')}
      </Title>
      <DataTable caption={t('due.caption')} columns={dueColumns} rows={due} rowKey={({ kind }) => kind} />
    </section>
  );
}

const sweepColumns: readonly Column<SweepView>[] = [
  { key: 'partition', header: t('sweeps.partition'), cell: ({ partition }) => partition },
  { key: 'pass', header: t('sweeps.pass'), cell: ({ pass }) => pass },
  { key: 'through', header: t('sweeps.through'), cell: ({ through }) => <When iso={through} show="absolute" /> },
  { key: 'ran', header: t('sweeps.ran'), cell: ({ lastRunAt }) => <When iso={lastRunAt} /> },
  { key: 'next', header: t('sweeps.next'), cell: ({ nextDueAt }) => <When iso={nextDueAt} /> },
  { key: 'lag', header: t('sweeps.lag'), isNumber: true, cell: ({ lagMs }) => <Lag ms={lagMs} /> },
];

/** Those that are late come first. */
export function Sweeps({ sweeps }: { sweeps: readonly SweepView[] }) {
  const sorted = sweeps.toSorted((a, b) => b.lagMs - a.lagMs);
  return (
    <section>
      <Title order={2} mb="sm">
        {t('sweeps.title')}
      </Title>
      {sorted.length === 0 ? (
        <Paper p="md">
          <Text c="dimmed">{t('sweeps.none')}</Text>
        </Paper>
      ) : (
        <DataTable
          caption={t('sweeps.caption')}
          columns={sweepColumns}
          rows={sorted}
          rowKey={({ partition, pass }) => `${partition} ${pass}`}
        />
      )}
    </section>
  );
}
