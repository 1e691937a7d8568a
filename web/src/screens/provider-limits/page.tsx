/** Who serves the company, whom it has taken off, and the limits of its open commitments. */
import { Text, Title } from '@mantine/core';
import type { OwnCommitment } from '../../../../shared/award/own-list.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { OrganisationLink } from '../../ui/organisation-link.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { Count, Percent } from '../../ui/values.tsx';
import { ConfirmedCertificates } from '../certificates/confirmed.tsx';
import { running, useCommitments } from '../company-parts/own.ts';
import { useReputation } from '../company-parts/reputation.ts';
import { TakeOff } from '../company-parts/take-off.tsx';
import { ClassName, QueueLink } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';

type Off = { queue: string; provider: string };
type Serving = Off & { volume: number; isOff: boolean };

export default function ProviderLimits() {
  const commitments = useCommitments();
  const withdrawals = useRead('/v1/withdrawals');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} actions={<Go href="/record">{t('record')}</Go>} />
      <QueryState of={commitments.query}>
        {() => (
          <QueryState of={withdrawals}>
            {({ items: off }) => (
              <>
                <Now own={commitments.items} off={off} />
                <TakenOff off={off} />
                <Policies own={commitments.items.filter(({ round }) => round.state === 'open')} />
              </>
            )}
          </QueryState>
        )}
      </QueryState>
    </>
  );
}

function Now({ own, off }: { own: readonly OwnCommitment[]; off: readonly Off[] }) {
  const mayAct = useMay('company.admin');
  const rows = running(own).flatMap(({ commitment: { queue }, award }) =>
    (award?.byProvider ?? []).map(
      ({ provider, volume }): Serving => ({
        queue,
        provider,
        volume,
        isOff: off.some((one) => one.queue === queue && one.provider === provider),
      }),
    ),
  );
  const columns: Column<Serving>[] = [
    { key: 'provider', header: t('column.provider'), cell: ({ provider }) => <OrganisationLink id={provider} /> },
    { key: 'queue', header: t('column.queue'), cell: ({ queue }) => <QueueLink id={queue} /> },
    { key: 'volume', header: t('column.volume'), isNumber: true, cell: ({ volume }) => <Count value={volume} /> },
    {
      key: 'quality',
      header: t('column.quality'),
      isNumber: true,
      cell: ({ provider }) => <Quality provider={provider} />,
    },
    { key: 'sample', header: t('column.sample'), cell: ({ provider }) => <Sample provider={provider} /> },
    {
      key: 'certificates',
      header: t('column.certificates'),
      cell: ({ provider }) => <ConfirmedCertificates organisation={provider} />,
    },
    ...(mayAct
      ? [
          {
            key: 'act',
            header: t('column.act'),
            isNumber: true,
            cell: ({ queue, provider, isOff }: Serving) =>
              isOff ? (
                <Text span c="dimmed">
                  {t('off.title')}
                </Text>
              ) : (
                <TakeOff queue={queue} provider={provider} />
              ),
          },
        ]
      : []),
  ];
  return (
    <section>
      <Title order={2} mb="sm">
        {t('now.title')}
      </Title>
      {rows.length === 0 ? (
        <Empty title={t('now.none')} text={t('now.none.text')} />
      ) : (
        <DataTable
          caption={t('now.caption')}
          columns={columns}
          rows={rows}
          rowKey={({ queue, provider }) => `${queue}#${provider}`}
        />
      )}
    </section>
  );
}

const Quality = ({ provider }: { provider: string }) => <Percent bps={useReputation(provider)?.qualityBps ?? null} />;
const Sample = ({ provider }: { provider: string }) => {
  const sample = useReputation(provider)?.sample;
  return sample === undefined ? '' : t(`sample.${sample}`);
};

function TakenOff({ off }: { off: readonly Off[] }) {
  const mayAct = useMay('company.admin');
  const columns: Column<Off>[] = [
    { key: 'provider', header: t('column.provider'), cell: ({ provider }) => <OrganisationLink id={provider} /> },
    { key: 'queue', header: t('column.queue'), cell: ({ queue }) => <QueueLink id={queue} /> },
    ...(mayAct
      ? [{ key: 'act', header: t('column.act'), isNumber: true, cell: (one: Off) => <Allow of={one} /> }]
      : []),
  ];
  return (
    <section>
      <Title order={2} mt="xl">
        {t('off.title')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {off.length === 0 ? t('off.none') : t('off.text')}
      </Text>
      {off.length > 0 && (
        <DataTable
          caption={t('off.caption')}
          columns={columns}
          rows={off}
          rowKey={({ queue, provider }) => `${queue}#${provider}`}
        />
      )}
    </section>
  );
}

function Allow({ of: path }: { of: Off }) {
  const name = useReputation(path.provider)?.name ?? path.provider;
  const allow = useAct('delete', '/v1/queues/{queue}/withdrawals/{provider}');
  return (
    <ConfirmButton
      label={t('allow')}
      size="compact-sm"
      variant="default"
      title={t('allow.title', { name })}
      consequence={t('allow.text')}
      act={() => allow.mutateAsync({ path })}
      done={t('allowed', { name })}
    />
  );
}

const policyColumns: readonly Column<OwnCommitment>[] = [
  { key: 'queue', header: t('column.queue'), cell: ({ serviceClass }) => <ClassName of={serviceClass} /> },
  {
    key: 'automation',
    header: t('policy.automation'),
    cell: ({ commitment }) => t(`policy.automation.${commitment.limits.automation}`),
  },
  {
    key: 'kinds',
    header: t('policy.kinds'),
    cell: ({ commitment }) => commitment.limits.kinds?.join(', ').replaceAll('_', ' ') ?? t('policy.kinds.all'),
  },
  {
    key: 'quality',
    header: t('policy.quality'),
    isNumber: true,
    cell: ({ commitment }) => <Percent bps={commitment.limits.minimumQualityBps || null} />,
  },
  {
    key: 'blocked',
    header: t('policy.blocked'),
    isNumber: true,
    cell: ({ commitment }) => <Count value={commitment.limits.blocked.length} />,
  },
];

function Policies({ own }: { own: readonly OwnCommitment[] }) {
  return (
    <section>
      <Title order={2} mt="xl">
        {t('policy.title')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {own.length === 0 ? t('policy.none') : t('policy.text')}
      </Text>
      {own.length > 0 && (
        <DataTable
          caption={t('policy.caption')}
          columns={policyColumns}
          rows={own}
          rowKey={({ commitment }) => `${commitment.queue}#${commitment.round}`}
          rowHref={({ commitment }) => `/demand/${commitment.queue}/${commitment.round}`}
        />
      )}
    </section>
  );
}
