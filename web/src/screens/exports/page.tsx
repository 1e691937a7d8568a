/** Files for one's own books, and the account numbers that the journal is written under. */
import { Group, NativeSelect, Text } from '@mantine/core';
import type { ExportKind } from '../../../../shared/export/export.ts';
import { shortName } from '../../../../shared/service-class/class-name.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { useCommitments } from '../company-parts/own.ts';
import { DownloadButton } from '../finance-parts/download.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { AccountNumbers } from './account-numbers.tsx';
import { kindsFor, type Side } from './kinds.ts';
import { t } from './messages.en.ts';

const FORMATS = ['csv', 'ndjson'] as const;

export default function Exports() {
  const isCompany = useMay('company.admin', 'company.finance');
  const isMarket = useMay('market.finance');
  const side = isMarket ? 'market' : isCompany ? 'company' : 'provider';
  const month = useMonth();
  const [{ round }, set] = useUrlState({ round: '' });
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <MonthFilter of={month}>
        {isCompany && <RoundSelect value={round} set={(to) => set({ round: to })} />}
      </MonthFilter>
      <Files side={side} period={month.period} currency={month.currency} round={round} />
      <AccountNumbers side={side} />
    </>
  );
}

/** The rounds one was in, as `queue#round`. */
function RoundSelect({ value, set }: { value: string; set: (value: string) => void }) {
  const rounds = useCommitments().items.map(({ commitment, round, serviceClass }) => ({
    value: `${commitment.queue}#${round.round}`,
    label: `${shortName(serviceClass)} · ${round.round}`,
  }));
  return (
    <NativeSelect
      label={t('round')}
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
      data={[{ value: '', label: '–' }, ...rounds]}
    />
  );
}

type FilesProps = { side: Side; period: string; currency: string; round: string };

function Files({ side, period, currency, round }: FilesProps) {
  const [queue, number] = round.split('#');
  const hasRound = queue !== undefined && number !== undefined;
  const get = (kind: ExportKind) => (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      {FORMATS.map((format) => (
        <DownloadButton
          key={format}
          size="xs"
          label={t(format)}
          title={t(`get.${format}`, { kind: t(`kind.${kind}`) })}
          whyNot={kind === 'requests' && !hasRound ? t('noRound') : null}
          name={nameOf(kind, kind === 'requests' ? `${queue}-${number}` : period, format)}
          path={`/v1/exports/${kind}/${format}`}
          query={{ period, currency, ...(kind === 'requests' && hasRound ? { queue, round: number } : {}) }}
        />
      ))}
    </Group>
  );
  return (
    <DataTable
      caption={t('caption')}
      rows={kindsFor(side)}
      rowKey={(kind) => kind}
      columns={[
        { key: 'kind', header: t('column.kind'), cell: (kind) => <Text fw={600}>{t(`kind.${kind}`)}</Text> },
        { key: 'what', header: t('column.what'), cell: (kind) => t(`what.${kind}`) },
        { key: 'get', header: t('column.get'), isNumber: true, cell: get },
      ]}
    />
  );
}

const nameOf = (kind: string, of: string, format: string): string => `${kind}-${of}.${format}`;
