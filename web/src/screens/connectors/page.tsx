/** What of the company's own systems is connected. */
import type { ConnectorView } from '../../../../shared/connector/connector.ts';
import { useRead } from '../../api/use-api.ts';
import { type Column, ReadTable } from '../../ui/data-table.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';
import { CONNECTOR_STATES, connectorState } from './state.ts';

const columns: readonly Column<ConnectorView>[] = [
  { key: 'name', header: t('column.name'), cell: ({ config }) => config.name },
  { key: 'kind', header: t('column.kind'), cell: ({ config }) => t(`kind.${config.kind}`) },
  {
    key: 'state',
    header: t('column.state'),
    cell: (connector) => <StatusBadge state={connectorState(connector)} states={CONNECTOR_STATES} />,
  },
  {
    key: 'refused',
    header: t('column.refused'),
    cell: ({ lastRefused }) => (lastRefused === null ? t('never') : <When iso={lastRefused.at} show="absolute" />),
  },
  { key: 'changed', header: t('column.changed'), cell: ({ changedAt }) => <When iso={changedAt} show="date" /> },
];

export default function Connectors() {
  const connectors = useRead('/v1/connectors');
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={<LinkButton href="/connectors/new">{t('add')}</LinkButton>}
      />
      <ReadTable
        caption={t('caption')}
        columns={columns}
        of={connectors}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/connectors/${id}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}
