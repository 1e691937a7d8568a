/** What is due, and how far each sweep has come. */
import { Button, Group, Paper, Text, Title } from '@mantine/core';
import { useToggle } from '@mantine/hooks';
import type { DueView, SweepView } from '../../../../shared/operations/operations.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { dayText, durationText } from '../../ui/format.ts';
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
  {
    key: 'partition',
    header: t('sweeps.partition'),
    cell: ({ partition }) => <span title={partition}>{dayOf(partition)}</span>,
  },
  { key: 'pass', header: t('sweeps.pass'), cell: ({ pass }) => PASSES[pass] ?? pass },
  { key: 'through', header: t('sweeps.through'), cell: ({ through }) => <When iso={through} show="absolute" /> },
  { key: 'ran', header: t('sweeps.ran'), cell: ({ lastRunAt }) => <When iso={lastRunAt} /> },
  { key: 'next', header: t('sweeps.next'), cell: ({ nextDueAt }) => <When iso={nextDueAt} /> },
  { key: 'lag', header: t('sweeps.lag'), isNumber: true, cell: ({ lagMs }) => <Lag ms={lagMs} /> },
];

const PASSES: Readonly<Record<string, string>> = {
  lease_end: t('pass.lease_end'),
  silence: t('pass.silence'),
  posting: t('pass.posting'),
};

/** A partition `D#<windows>#<day>#<part>` as people read it. */
function dayOf(partition: string): string {
  const [, , day, part] = partition.split('#');
  if (day === undefined || Number.isNaN(Date.parse(day))) return partition;
  return t('sweeps.part', { day: dayText(day), part: part ?? '' });
}

/** Those that are late; all of them where somebody wants to look. */
export function Sweeps({ sweeps }: { sweeps: readonly SweepView[] }) {
  const [all, toggle] = useToggle();
  const late = sweeps.filter(({ lagMs }) => lagMs > 0);
  const shown = (all ? sweeps : late).toSorted((a, b) => b.lagMs - a.lagMs);
  return (
    <section>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t('sweeps.title')}</Title>
        {late.length < sweeps.length && (
          <Button variant="default" size="xs" onClick={() => toggle()}>
            {all ? t('sweeps.late') : t('sweeps.all', { count: sweeps.length })}
          </Button>
        )}
      </Group>
      {shown.length === 0 ? (
        <Paper p="md">
          <Text c="dimmed">{sweeps.length === 0 ? t('sweeps.none') : t('sweeps.fine', { count: sweeps.length })}</Text>
        </Paper>
      ) : (
        <DataTable
          caption={t('sweeps.caption')}
          columns={sweepColumns}
          rows={shown}
          rowKey={({ partition, pass }) => `${partition} ${pass}`}
        />
      )}
    </section>
  );
}
