/** What was not billed of a round's requests, and why. */
import { Group, NativeSelect, Text } from '@mantine/core';
import { shortName } from '../../../../shared/service-class/class-name.ts';
import type { Pages } from '../../api/use-list.ts';
import { useUrlState } from '../../app/navigate.ts';
import { type Column, DataTable, PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Reference } from '../../ui/reference.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { Count, Money, None, When } from '../../ui/values.tsx';
import { useCommitments } from '../company-parts/own.ts';
import { DownloadButton } from '../finance-parts/download.tsx';
import { Section } from '../finance-parts/section.tsx';
import { t } from './messages.en.ts';
import { microsOf, type Row, reasonsOf, STANDS, type Summed } from './rows.ts';
import { useRows } from './use-rows.ts';

export default function NotBilled() {
  const commitments = useCommitments();
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} back={{ href: '/charges', title: t('charges') }} />
      <QueryState of={commitments.query}>
        {() =>
          commitments.items.length === 0 ? (
            <Empty title={t('noRounds')} text={t('noRounds.text')} />
          ) : (
            <OfRound commitments={commitments.items} />
          )
        }
      </QueryState>
    </>
  );
}

type Commitments = ReturnType<typeof useCommitments>['items'];

function OfRound({ commitments }: { commitments: Commitments }) {
  const begun = commitments.filter(({ round }) => round.state !== 'open' && round.state !== 'clearing');
  const rounds = (begun.length === 0 ? commitments : begun).map(({ commitment, round, serviceClass }) => ({
    value: `${commitment.queue}#${round.round}`,
    label: `${shortName(serviceClass)} · ${round.round}`,
    currency: commitment.currency,
  }));
  const [{ round, stand }, set] = useUrlState({ round: rounds[0]?.value ?? '', stand: '' });
  const [queue = '', number = ''] = round.split('#');
  const currency = rounds.find(({ value }) => value === round)?.currency ?? 'USD';
  const found = useRows(
    queue,
    number,
    STANDS.find((each) => each === stand),
  );
  return (
    <>
      <Group mb="md" align="flex-end" className="no-print">
        <NativeSelect
          label={t('round')}
          value={round}
          onChange={(event) => set({ round: event.currentTarget.value })}
          data={rounds.map(({ value, label }) => ({ value, label }))}
        />
        <NativeSelect
          label={t('stand')}
          value={stand}
          onChange={(event) => set({ stand: event.currentTarget.value })}
          data={[
            { value: '', label: t('stand.all') },
            ...STANDS.map((each) => ({ value: each, label: t(`stand.${each}`) })),
          ]}
        />
        <DownloadButton
          label={t('csv')}
          name={`requests-${queue}-${number}.csv`}
          path="/v1/exports/requests/csv"
          query={{ queue, round: number }}
        />
      </Group>
      {found.query.data !== undefined && <Sums of={found} currency={currency} />}
      {found.query.data !== undefined && <Reasons of={found.sum} />}
      <Section title={t('requests')}>
        <PagedTable
          caption={t('caption')}
          columns={columnsIn(currency)}
          pages={found}
          rowKey={({ request }) => request}
          rowHref={({ request, billing }) => (billing === 'billed' ? `/charges/${request}` : `/requests/${request}`)}
          empty={stand === '' ? { title: t('empty'), text: t('empty.text') } : { title: t('none') }}
        />
      </Section>
    </>
  );
}

/** Of the requests that were read: of all of them only once all were. */
function Sums({ of: { sum, hasMore }, currency }: { of: Pages<Row, Summed>; currency: string }) {
  const { stands } = sum;
  const read = STANDS.reduce((count, stand) => count + stands[stand].count, 0);
  if (read === 0) return null;
  return (
    <>
      {hasMore && (
        <Text size="sm" c="dimmed" mb="xs" role="status">
          {t('read', { count: read })}
        </Text>
      )}
      <Figures>
        {STANDS.map((stand) => (
          <Figure
            key={stand}
            name={t(`stand.${stand}`)}
            note={
              <>
                {stands[stand].micros > 0 && (
                  <>
                    <Money micros={stands[stand].micros} currency={currency} />{' '}
                  </>
                )}
                {t(`note.${stand}`)}
              </>
            }
          >
            <Count value={stands[stand].count} />
          </Figure>
        ))}
      </Figures>
    </>
  );
}

function Reasons({ of }: { of: Summed }) {
  const reasons = reasonsOf(of);
  if (reasons.length === 0) return null;
  return (
    <Section title={t('reasons')}>
      <DataTable
        caption={t('reasons.caption')}
        rows={reasons}
        rowKey={({ reason }) => reason}
        columns={[
          { key: 'reason', header: t('column.reason'), cell: ({ reason }) => reason },
          { key: 'state', header: t('column.state'), cell: ({ billing }) => t(`stand.${billing}`) },
          { key: 'count', header: t('column.count'), isNumber: true, cell: ({ count }) => <Count value={count} /> },
        ]}
      />
    </Section>
  );
}

const columnsIn = (currency: string): readonly Column<Row>[] => [
  { key: 'request', header: t('column.request'), cell: ({ external_id }) => <Reference>{external_id}</Reference> },
  { key: 'state', header: t('column.state'), cell: ({ billing }) => t(`stand.${billing}`) },
  { key: 'reason', header: t('column.reason'), cell: ({ reason }) => reason ?? <None /> },
  {
    key: 'accepted',
    header: t('column.accepted'),
    isNumber: true,
    cell: ({ accepted_at }) => <When iso={accepted_at} show="date" />,
  },
  {
    key: 'amount',
    header: t('column.amount'),
    isNumber: true,
    cell: ({ amount }) => <Money micros={microsOf(amount)} currency={currency} exact />,
  },
];
