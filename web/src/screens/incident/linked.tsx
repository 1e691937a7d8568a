/** The requests that were linked, where each stands, and the way out again. */
import { Title } from '@mantine/core';
import type { IncidentView, LinkedRequest } from '../../../../shared/incident/incident.ts';
import { useAct, usePages } from '../../api/use-api.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, When } from '../../ui/values.tsx';
import { REQUEST_STATES } from '../company-parts/request-state.ts';
import { t } from './messages.en.ts';

type Props = { incident: IncidentView; refreshMs: number; mayAct: boolean };

export function Linked({ incident: { id, avoided }, refreshMs, mayAct }: Props) {
  const linked = usePages('/v1/incidents/{incident}/requests', { path: { incident: id } }, { refreshMs });
  const columns: Column<LinkedRequest>[] = [
    { key: 'request', header: t('column.request'), cell: ({ externalId }) => externalId },
    {
      key: 'state',
      header: t('column.state'),
      cell: ({ state }) => <StatusBadge state={state} states={REQUEST_STATES} />,
    },
    { key: 'at', header: t('column.linkedAt'), cell: (request) => <Since of={request} /> },
    {
      key: 'price',
      header: t('column.price'),
      isNumber: true,
      cell: ({ priceMicros }) => <Money micros={priceMicros} currency={avoided.currency} exact />,
    },
    ...(mayAct ? [outColumn(id)] : []),
  ];
  return (
    <section>
      <Title order={2} mb="sm">
        {t('linked.title')}
      </Title>
      <PagedTable
        caption={t('linked.caption')}
        columns={columns}
        pages={linked}
        rowKey={({ request }) => request}
        rowHref={({ request }) => `/requests/${request}`}
        empty={{ title: t('linked.empty'), text: t('linked.empty.text') }}
      />
    </section>
  );
}

/** When it was linked, or when it came back. */
function Since({ of: { linkedAt, cameBackAt } }: { of: LinkedRequest }) {
  if (cameBackAt === null) return <When iso={linkedAt} />;
  return (
    <>
      {t('linked.back')} <When iso={cameBackAt} />
    </>
  );
}

const outColumn = (incident: string): Column<LinkedRequest> => ({
  key: 'out',
  header: t('column.act'),
  cell: ({ request, state }) => (state === 'linked' ? <TakeOut incident={incident} request={request} /> : null),
});

function TakeOut({ incident, request }: { incident: string; request: string }) {
  const unlink = useAct('post', '/v1/incidents/{incident}/unlink');
  return (
    <ConfirmButton
      label={t('linked.out')}
      variant="default"
      size="xs"
      title={t('linked.out.title')}
      consequence={t('linked.out.text')}
      act={() => unlink.mutateAsync({ path: { incident }, body: { requests: [request] } })}
      done={t('linked.out.done')}
    />
  );
}
