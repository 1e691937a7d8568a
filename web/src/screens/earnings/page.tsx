/** What the team's resolutions earn: pending, confirmed, posted, waiting, payable. */
import { Paper, Select, Stack, Text, Title } from '@mantine/core';
import type { Payable } from '../../../../shared/payout/owed.ts';
import type { Earnings } from '../../../../shared/resolution/earnings.ts';
import { useRead } from '../../api/use-api.ts';
import { elsewhere } from '../../app/elsewhere.ts';
import { useNow } from '../../app/market-time.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { monthOf, monthsThrough, monthText } from '../../ui/months.ts';
import { OrganisationLink } from '../../ui/organisation-link.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { Money, When } from '../../ui/values.tsx';
import { LastMonths } from './last-months.tsx';
import { t } from './messages.en.ts';

const MONTHS = 13;

export default function EarningsPage() {
  const months = monthsThrough(monthOf(useNow()), MONTHS);
  const [{ month }, set] = useUrlState({ month: months[0]! });
  const earnings = useRead('/v1/earnings', { query: { month } });
  const payables = useRead('/v1/payables');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <Select
        label={t('month')}
        value={month}
        allowDeselect={false}
        maw={280}
        mb="md"
        data={months.map((value) => ({ value, label: monthText(value) }))}
        onChange={(value) => set({ month: value ?? months[0]! })}
      />
      <Stack gap="lg">
        <QueryState of={earnings}>{(found) => <Stages earnings={found} />}</QueryState>
        <QueryState of={payables}>
          {({ items }) => items.map((item) => <Payables key={item.currency} payable={item} />)}
        </QueryState>
        <LastMonths months={months.slice(0, 6).toReversed()} />
      </Stack>
    </>
  );
}

const STAGES = ['pending', 'confirmed', 'posted'] as const;
const STATES = { pending: 'resolved', confirmed: 'confirmed' } as const;

function Stages({ earnings: { month, currencies, whole } }: { earnings: Earnings }) {
  const seesTurns = useMay('provider.admin');
  if (currencies.length === 0) return <Empty title={t('none', { month: monthText(month) })} text={t('none.text')} />;
  const hrefOf = (stage: (typeof STAGES)[number]): string | undefined => {
    if (stage === 'posted') return elsewhere('/charges');
    return seesTurns ? `/turns?month=${month}&state=${STATES[stage]}` : undefined;
  };
  return (
    <Stack>
      {currencies.map(({ currency, ...stages }) => (
        <Figures key={currency}>
          {STAGES.map((stage) => {
            const { turns, micros } = stages[stage];
            const href = hrefOf(stage);
            const money = <Money micros={micros} currency={currency} />;
            return (
              <Figure key={stage} name={t(stage)} note={t(`${stage}.note`, { turns })}>
                {href === undefined || turns === 0 ? (
                  money
                ) : (
                  <FigureLink href={href} what={t(stage === 'posted' ? 'opens.charges' : 'opens')}>
                    {money}
                  </FigureLink>
                )}
              </Figure>
            );
          })}
        </Figures>
      ))}
      {!whole && (
        <Text size="sm" c="dimmed">
          {t('partly')}
        </Text>
      )}
    </Stack>
  );
}

type Waiting = Payable['waiting'][number];

function Payables({ payable }: { payable: Payable }) {
  const { currency, payableMicros, waitingMicros, waiting } = payable;
  const payouts = elsewhere('/payouts');
  const money = <Money micros={payableMicros} currency={currency} />;
  const columns: readonly Column<Waiting>[] = [
    { key: 'period', header: t('waits.period'), cell: ({ period }) => monthText(period) },
    { key: 'company', header: t('waits.company'), cell: ({ company }) => <OrganisationLink id={company} /> },
    { key: 'kind', header: t('waits.kind'), cell: ({ kind }) => t(`kind.${kind}`) },
    { key: 'because', header: t('waits.because'), cell: ({ because }) => t(`because.${because}`) },
    {
      key: 'at',
      header: t('waits.at'),
      cell: ({ expectedAt }) => (expectedAt === null ? t('unknown') : <When iso={expectedAt} show="date" />),
    },
    {
      key: 'amount',
      header: t('waits.amount'),
      isNumber: true,
      cell: ({ micros }) => <Money micros={micros} currency={currency} />,
    },
  ];
  return (
    <section>
      <Title order={2} mb="sm">
        {t('waits.title')}
      </Title>
      <Figures>
        <Figure name={t('payable')} note={t(payableMicros < 0 ? 'payable.owed' : 'payable.note')}>
          {payouts === undefined ? (
            money
          ) : (
            <FigureLink href={payouts} what={t('opens.payouts')}>
              {money}
            </FigureLink>
          )}
        </Figure>
        <Figure name={t('waiting')} note={t('waiting.note')}>
          <Money micros={waitingMicros} currency={currency} />
        </Figure>
      </Figures>
      {waiting.length === 0 ? (
        <Paper p="md">
          <Text c="dimmed">{t('waits.none')}</Text>
        </Paper>
      ) : (
        <DataTable
          caption={t('waits.caption')}
          columns={columns}
          rows={waiting}
          rowKey={({ period, company, kind }) => `${period} ${company} ${kind}`}
        />
      )}
    </section>
  );
}
