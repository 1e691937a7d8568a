/** What a company owes: aged receivables, accrual, credit. */
import { Alert } from '@mantine/core';
import type { Accrual } from '../../../../shared/finance-report/accrual.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { Money, When } from '../../ui/values.tsx';
import { AgedChart } from '../finance-parts/aged.tsx';
import { CreditBar } from '../finance-parts/credit-bar.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { Section } from '../finance-parts/section.tsx';
import { t } from './messages.en.ts';

export default function Owed() {
  const month = useMonth();
  const aged = usePages('/v1/aged-receivables', { query: { limit: 100 } });
  const accruals = usePages('/v1/accruals', { query: { period: month.period, limit: 100 } });
  const credit = useRead('/v1/credit');
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        back={{ href: '/finance', title: t('finance') }}
        actions={
          <DownloadButton
            label={t('csv')}
            name="receivables.csv"
            path="/v1/exports/receivables/csv"
            query={{ currency: month.currency }}
          />
        }
      />
      <Section title={t('aged')}>
        <QueryState of={aged.query}>
          {() =>
            aged.items.length === 0 ? (
              <Empty title={t('aged.empty')} />
            ) : (
              aged.items.map((row) => <AgedChart key={row.currency} of={row} title={row.currency} />)
            )
          }
        </QueryState>
      </Section>
      <Section title={t('accrual')} lead={t('accrual.lead')}>
        <MonthFilter of={month} hasCurrency={false} />
        <QueryState of={accruals.query}>
          {() =>
            accruals.items.length === 0 ? (
              <Empty title={t('accrual.empty')} />
            ) : (
              accruals.items.map((one) => <Accrued key={one.currency} of={one} />)
            )
          }
        </QueryState>
      </Section>
      <Section title={t('credit')}>
        <QueryState of={credit}>
          {({ exposure, pause }) => (
            <>
              {pause !== null && (
                <Alert color="red" variant="default" title={t('paused')} mb="md">
                  {pause.reasons.map((reason) => t(`pause.${reason}`)).join(' ')} {pause.detail} ({t('pause.since')}{' '}
                  <When iso={pause.since} show="absolute" />)
                </Alert>
              )}
              <CreditBar of={exposure} currency={month.currency} />
            </>
          )}
        </QueryState>
      </Section>
    </>
  );
}

function Accrued({ of }: { of: Accrual }) {
  const { currency, period } = of;
  const href = (account: string) => `/accounts/${account}?period=${period}&currency=${currency}`;
  return (
    <Figures>
      <Figure name={t('carried')}>
        <Money micros={of.carriedMicros} currency={currency} />
      </Figure>
      <Figure name={t('charged')}>
        <Money micros={of.chargedMicros} currency={currency} />
      </Figure>
      <Figure name={t('takenOff')} note={t('takenOff.note')}>
        <Money micros={-of.takenOffMicros} currency={currency} />
      </Figure>
      <Figure name={t('accrued')}>
        <FigureLink href={href('1100')} what={t('open')}>
          <Money micros={of.accruedMicros} currency={currency} />
        </FigureLink>
      </Figure>
      <Figure name={t('disputed')}>
        <FigureLink href={href('1110')} what={t('open')}>
          <Money micros={of.disputedMicros} currency={currency} />
        </FigureLink>
      </Figure>
      {of.confirmedMicros !== null && (
        <Figure name={t('confirmed')} note={t('confirmed.note')}>
          <Money micros={of.confirmedMicros} currency={currency} />
        </Figure>
      )}
    </Figures>
  );
}
