/** A company's incidents: what is proposed, what goes on, what is over. */
import type { IncidentView } from '../../../../shared/incident/incident.ts';
import { shortName } from '../../../../shared/service-class/class-name.ts';
import { usePages } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, When } from '../../ui/values.tsx';
import { INCIDENT_STATES, incidentName } from '../company-parts/incident-state.ts';
import { useQueue } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 30_000;

const columns: readonly Column<IncidentView>[] = [
  { key: 'cause', header: t('column.cause'), cell: incidentName },
  {
    key: 'state',
    header: t('column.state'),
    cell: ({ state }) => <StatusBadge state={state} states={INCIDENT_STATES} />,
  },
  { key: 'queues', header: t('column.queues'), cell: ({ queues }) => <Queues of={queues} /> },
  {
    key: 'linked',
    header: t('column.linked'),
    isNumber: true,
    cell: ({ avoided }) => <Count value={avoided.requests} />,
  },
  { key: 'since', header: t('column.since'), cell: ({ since }) => <When iso={since} show="absolute" /> },
];

export default function Incidents() {
  const mayDeclare = useMay('company.admin', 'company.operator');
  const incidents = usePages('/v1/incidents', {}, { refreshMs: REFRESH_MS });
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={mayDeclare && <LinkButton href="/incidents/new">{t('declare')}</LinkButton>}
      />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={incidents}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/incidents/${id}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

/** The queue by its name, or how many there are. */
function Queues({ of }: { of: readonly string[] }) {
  const [first = ''] = of;
  const queue = useQueue(first);
  if (of.length > 1) return t('queues', { n: of.length });
  return queue === undefined ? first : shortName(queue.serviceClass);
}
