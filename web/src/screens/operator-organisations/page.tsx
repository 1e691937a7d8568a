/** Companies and providers, with their standing; and the certificates that wait for a check. */
import { SegmentedControl, Stack, Title } from '@mantine/core';
import type { Organisation } from '../../../../shared/organisation/organisation.ts';
import { usePages } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { countText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Percent, When } from '../../ui/values.tsx';
import { ConfirmedCertificates } from '../certificates/confirmed.tsx';
import { Approve, Suspend } from './approve.tsx';
import { Certificates } from './certificates.tsx';
import { t } from './messages.en.ts';

const MICROS = 1_000_000;
const STATES = {
  pending: { text: t('status.pending'), tone: 'warning' },
  approved: { text: t('status.approved'), tone: 'good' },
  suspended: { text: t('status.suspended'), tone: 'bad' },
} as const;

export default function Organisations() {
  const operates = useMay('market.operator');
  const [{ kind: chosen }, set] = useUrlState({ kind: 'company' });
  const kind = chosen === 'provider' ? 'provider' : 'company';
  const organisations = usePages('/v1/organisations', { query: { kind, limit: 100 } });
  const columns: readonly Column<Organisation>[] = [
    { key: 'name', header: t('column.name'), cell: ({ name }) => name },
    { key: 'status', header: t('column.status'), cell: ({ status }) => <StatusBadge state={status} states={STATES} /> },
    kind === 'company'
      ? {
          key: 'credit',
          header: t('column.credit'),
          isNumber: true,
          cell: ({ creditLimitMicros }) => countText(creditLimitMicros / MICROS),
        }
      : {
          key: 'quality',
          header: t('column.quality'),
          isNumber: true,
          cell: ({ qualityBps }) => <Percent bps={qualityBps} />,
        },
    { key: 'since', header: t('column.since'), cell: ({ createdAt }) => <When iso={createdAt} show="date" /> },
    {
      key: 'certificates',
      header: t('column.certificates'),
      cell: ({ id }) => <ConfirmedCertificates organisation={id} />,
    },
    ...(operates ? [actions] : []),
  ];
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Stack gap="lg">
        <section>
          <SegmentedControl
            mb="sm"
            aria-label={t('kind')}
            value={kind}
            onChange={(value) => set({ kind: value })}
            data={[
              { value: 'company', label: t('company') },
              { value: 'provider', label: t('provider') },
            ]}
          />
          <PagedTable
            caption={t('caption')}
            columns={columns}
            pages={organisations}
            rowKey={({ id }) => id}
            rowHref={({ id }) => (kind === 'company' ? `/companies/${id}` : `/providers/${id}`)}
            empty={{ title: t('empty'), text: t('empty.text') }}
          />
        </section>
        {operates && (
          <section>
            <Title order={2} mb="sm">
              {t('certificates.title')}
            </Title>
            <Certificates />
          </section>
        )}
      </Stack>
    </>
  );
}

const actions: Column<Organisation> = {
  key: 'do',
  header: t('column.do'),
  cell: (organisation) => (
    <>
      <Approve organisation={organisation} /> {organisation.status !== 'suspended' && <Suspend {...organisation} />}
    </>
  ),
};
