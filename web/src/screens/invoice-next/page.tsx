/** What the invoice of a month would be by now. */
import { Badge, Stack } from '@mantine/core';
import type { InvoiceEstimate } from '../../../../shared/invoice/estimate.ts';
import { useRead } from '../../api/use-api.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { shortMonthText } from '../../ui/months.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { Money } from '../../ui/values.tsx';
import { MonthFilter, useMonth } from '../finance-parts/filters.tsx';
import { Section } from '../finance-parts/section.tsx';
import { lineColumns } from '../invoice-parts/lines.tsx';
import { t as reasons } from '../invoice-parts/messages.en.ts';
import { VarianceChart } from '../invoice-parts/variance.tsx';
import { t } from './messages.en.ts';

export default function NextInvoice() {
  const month = useMonth();
  const estimate = useRead('/v1/invoice-estimate', { query: { period: month.period } });
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        back={{ href: '/invoices', title: t('invoices') }}
        status={<Badge>{t('estimate')}</Badge>}
      />
      <MonthFilter of={month} hasCurrency={false} />
      <QueryState of={estimate}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('none')} text={t('none.text')} />
          ) : (
            items.map((one) => <Estimate key={one.currency} of={one} />)
          )
        }
      </QueryState>
    </>
  );
}

function Estimate({ of }: { of: InvoiceEstimate }) {
  const { currency, subtotalMicros, owedMicros, since, period, reason, lines, variance } = of;
  return (
    <Stack mb="xl" gap="lg">
      <Figures>
        <Figure name={t('subtotal')} note={reason === null ? t('subtotal.note') : reasons(`reason.${reason}`)}>
          <Money micros={subtotalMicros} currency={currency} />
        </Figure>
        <Figure name={t('owed')} note={t('owed.note')}>
          <FigureLink href={`/charges?period=${period}&currency=${currency}`} what={t('charges')}>
            <Money micros={owedMicros} currency={currency} exact />
          </FigureLink>
        </Figure>
        <Figure name={t('since')} note={t('since.note')}>
          {shortMonthText(since)}
        </Figure>
      </Figures>
      {lines.length > 0 && (
        <Section title={t('lines')}>
          <DataTable
            caption={t('caption')}
            columns={lineColumns(currency)}
            rows={lines}
            rowKey={({ line }) => String(line)}
          />
        </Section>
      )}
      <VarianceChart of={variance} currency={currency} />
    </Stack>
  );
}
