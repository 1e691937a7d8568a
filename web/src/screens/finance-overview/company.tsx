/** What a company owes, what its month comes to, its cap, what is overdue and disputed. */
import { Alert, Stack } from '@mantine/core';
import type { BudgetView } from '../../../../shared/budget/budget.ts';
import type { Forecast } from '../../../../shared/finance-report/forecast.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { moneyText } from '../../ui/format.ts';
import { QueryState } from '../../ui/states.tsx';
import { Money } from '../../ui/values.tsx';
import { CreditBar } from '../finance-parts/credit-bar.tsx';
import { ForecastChart } from '../finance-parts/forecast-chart.tsx';
import { Section } from '../finance-parts/section.tsx';
import { owedOn } from '../invoices/sums.ts';
import { t } from './messages.en.ts';
import { OpenDisputes } from './open-disputes.tsx';

export function CompanyOverview() {
  const credit = useRead('/v1/credit');
  const forecast = useRead('/v1/forecast');
  const budget = useRead('/v1/budget').data?.items;
  const currency = forecast.data?.items[0]?.currency ?? 'USD';
  return (
    <QueryState of={credit}>
      {({ exposure, pause }) => (
        <Stack gap="xl">
          {pause !== null && (
            <Alert color="red" variant="default" title={t('paused')} role="status">
              {pause.detail}
            </Alert>
          )}
          <Figures>
            <Figure
              name={t('owed')}
              note={t('owed.note', {
                unpaid: moneyText(exposure.unpaidMicros, currency),
                unbilled: moneyText(exposure.unbilledMicros, currency),
              })}
            >
              <FigureLink href="/owed" what={t('owed.open')}>
                <Money micros={exposure.unpaidMicros + exposure.unbilledMicros} currency={currency} />
              </FigureLink>
            </Figure>
            <MonthSoFar of={forecast.data?.items[0]} isRead={forecast.data !== undefined} currency={currency} />
            <Cap of={budget?.find((one) => one.currency === currency)} />
            <Overdue />
            <OpenDisputes isCompany />
          </Figures>
          <QueryState of={forecast}>
            {({ items }) => items.map((one) => <ForecastChart key={one.currency} of={one} what="charged" />)}
          </QueryState>
          <Section title={t('credit')}>
            <CreditBar of={exposure} currency={currency} />
          </Section>
        </Stack>
      )}
    </QueryState>
  );
}

/** Nothing was charged where there is no forecast; before it is read nobody knows. */
function MonthSoFar({ of, isRead, currency }: { of: Forecast | undefined; isRead: boolean; currency: string }) {
  const note = of === undefined ? {} : { note: t('month.note', { expected: moneyText(of.expectedMicros, currency) }) };
  return (
    <Figure name={t('month')} {...note}>
      <FigureLink href="/charges" what={t('month.open')}>
        <Money micros={of?.soFarMicros ?? (isRead ? 0 : null)} currency={currency} />
      </FigureLink>
    </Figure>
  );
}

function Cap({ of }: { of: BudgetView | undefined }) {
  const hasCap = of !== undefined && of.capMicros !== null;
  return (
    <Figure
      name={t('budget')}
      note={hasCap ? t('budget.used', { used: moneyText(of.usedMicros, of.currency) }) : t('budget.none')}
    >
      <FigureLink href="/budget" what={t('budget.open')}>
        {hasCap ? <Money micros={of.capMicros} currency={of.currency} /> : t('budget.set')}
      </FigureLink>
    </Figure>
  );
}

function Overdue() {
  const invoices = usePages('/v1/invoices', { query: { limit: 100 } });
  const owed = owedOn(invoices.items, useNow());
  const [first] = owed.toSorted((a, b) => b.overdueMicros - a.overdueMicros);
  const count = first?.overdueCount ?? 0;
  const isRead = invoices.query.data !== undefined;
  const note = isRead ? { note: count === 0 ? t('overdue.none') : t('overdue.some', { count }) } : {};
  return (
    <Figure name={t('overdue')} {...note}>
      <FigureLink href="/invoices" what={t('overdue.open')}>
        <Money micros={first?.overdueMicros ?? (isRead ? 0 : null)} currency={first?.currency ?? 'USD'} />
      </FigureLink>
    </Figure>
  );
}
