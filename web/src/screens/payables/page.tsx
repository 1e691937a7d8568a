/** What a provider is owed: payable now, and waiting, with the reason and the date. */
import type { Payable } from '../../../../shared/payout/owed.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { BarChart } from '../../ui/charts.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { axisMoney, dayText, moneyText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { shortMonthText } from '../../ui/months.ts';
import { OrganisationLink } from '../../ui/organisation-link.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { Money, When } from '../../ui/values.tsx';
import { AgedChart } from '../finance-parts/aged.tsx';
import { Section } from '../finance-parts/section.tsx';
import { byDate } from './by-date.ts';
import { t } from './messages.en.ts';

export default function Payables() {
  const payables = useRead('/v1/payables');
  const aged = usePages('/v1/aged-payables', { query: { limit: 100 } });
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={<Go href="/payouts">{t('payouts')}</Go>}
        back={{ href: '/finance', title: t('finance') }}
      />
      <QueryState of={payables}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('none')} text={t('none.text')} />
          ) : (
            items.map((one) => <InCurrency key={one.currency} of={one} />)
          )
        }
      </QueryState>
      {aged.items.length > 0 && (
        <Section title={t('aged')}>
          {aged.items.map((row) => (
            <AgedChart key={row.currency} of={row} title={row.currency} />
          ))}
        </Section>
      )}
    </>
  );
}

function InCurrency({ of }: { of: Payable }) {
  const { currency, waiting } = of;
  return (
    <>
      <Figures>
        <Figure name={t('payable')} {...(of.payableMicros < 0 ? { note: t('payable.owed') } : {})}>
          <FigureLink href={`/accounts/2100?currency=${currency}`} what={t('payable.open')}>
            <Money micros={of.payableMicros} currency={currency} />
          </FigureLink>
        </Figure>
        <Figure name={t('carriedIn')}>
          <Money micros={of.carriedInMicros} currency={currency} />
        </Figure>
        <Figure name={t('waiting')} note={t('waiting.note')}>
          <Money micros={of.waitingMicros} currency={currency} />
        </Figure>
        <Figure name={t('changes')} note={t('changes.note')}>
          <Money micros={of.changesMicros} currency={currency} />
        </Figure>
      </Figures>
      {waiting.length > 0 && (
        <>
          <Section title={t('expected')}>
            <WhenPayable of={of} />
          </Section>
          <Section title={t('list')}>
            <DataTable
              caption={t('caption')}
              columns={columns(currency)}
              rows={waiting}
              rowKey={({ period, company, kind, because }) => `${period} ${company} ${kind} ${because}`}
            />
          </Section>
        </>
      )}
    </>
  );
}

function WhenPayable({ of: { currency, waiting } }: { of: Payable }) {
  const days = byDate(waiting);
  const total = days.reduce((sum, { micros }) => sum + micros, 0);
  const undated = days.find(({ day }) => day === null)?.micros ?? 0;
  const nameOf = (day: string | null) => (day === null ? t('expected.unknown') : dayText(day));
  return (
    <ChartFrame
      title={currency}
      summary={t('expected.summary', {
        dated: moneyText(total - undated, currency),
        waiting: moneyText(total, currency),
      })}
      heightPx={180}
      table={{
        head: [t('expected.date'), t('expected.amount')],
        rows: days.map(({ day, micros }) => [
          nameOf(day),
          <Money key={nameOf(day)} micros={micros} currency={currency} />,
        ]),
      }}
    >
      <BarChart
        h={180}
        data={days.map(({ day, micros }) => ({ day: nameOf(day), amount: micros / 1_000_000 }))}
        dataKey="day"
        series={[{ name: 'amount', color: 'ink.5' }]}
        valueFormatter={(units) => moneyText(Math.round(units * 1_000_000), currency)}
        yAxisProps={{ tickFormatter: axisMoney(currency) }}
        withTooltip={false}
        maxBarWidth={80}
        barProps={{ isAnimationActive: false }}
      />
    </ChartFrame>
  );
}

const columns = (currency: string): readonly Column<Payable['waiting'][number]>[] => [
  { key: 'month', header: t('column.month'), cell: ({ period }) => shortMonthText(period) },
  { key: 'company', header: t('column.company'), cell: ({ company }) => <OrganisationLink id={company} /> },
  { key: 'kind', header: t('column.kind'), cell: ({ kind }) => t(`kind.${kind}`) },
  { key: 'because', header: t('column.because'), cell: ({ because }) => t(`because.${because}`) },
  {
    key: 'expected',
    header: t('column.expected'),
    isNumber: true,
    cell: ({ expectedAt }) => <When iso={expectedAt} show="date" />,
  },
  {
    key: 'amount',
    header: t('column.amount'),
    isNumber: true,
    cell: ({ micros, period, kind }) =>
      kind === 'charges' ? (
        <FigureLink href={`/charges?period=${period}&currency=${currency}`} what={t('charges.open')}>
          <Money micros={micros} currency={currency} />
        </FigureLink>
      ) : (
        <Money micros={micros} currency={currency} />
      ),
  },
];
