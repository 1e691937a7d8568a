/** One invoice of a company: what it bills, how far it is paid, its credit notes; made to be printed. */
import { Alert, Group, SegmentedControl, Text } from '@mantine/core';
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import { useAll } from '../../api/use-all.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { usePathParam, useUrlState } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { moneyText } from '../../ui/format.ts';
import { monthText } from '../../ui/months.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { PrintButton } from '../../ui/print-button.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, When } from '../../ui/values.tsx';
import { Section } from '../finance-parts/section.tsx';
import { INVOICE_STATES } from '../finance-parts/states.ts';
import { creditedColumn, lineColumns } from '../invoice-parts/lines.tsx';
import { CreditNotesOf } from './credit-notes-of.tsx';
import { type Credited, creditedBy, partsOf } from './credited.ts';
import { DocumentButtons } from './document-buttons.tsx';
import { InvoiceFacts } from './invoice-facts.tsx';
import { InvoiceSums } from './invoice-sums.tsx';
import { MarketActions } from './market-actions.tsx';
import { t } from './messages.en.ts';

const MOST_NOTES = 1_000;

export default function InvoicePage() {
  const path = { invoice: usePathParam('invoice') };
  const invoice = useRead('/v1/invoices/{invoice}', { path });
  const notes = useAll(usePages('/v1/invoices/{invoice}/credit-notes', { path, query: { limit: 100 } }), MOST_NOTES);
  const isCompany = useMay('company.admin', 'company.finance');
  const lines = useLines(path.invoice);
  const credited = notes.query.data === undefined ? null : creditedBy(notes.items);
  return (
    <QueryState of={invoice} isPage back={{ href: isCompany ? '/invoices' : '/all-invoices', title: t('invoices') }}>
      {(found) => (
        <>
          <PageHeader
            title={
              found.number === null
                ? t('title.planned', { month: monthText(found.period) })
                : t('title', { number: found.number })
            }
            back={
              isCompany
                ? { href: '/invoices', title: t('invoices') }
                : { href: `/all-invoices?period=${found.period}`, title: t('invoices') }
            }
            status={<StatusBadge state={found.state} states={INVOICE_STATES} />}
            actions={
              <Group gap="xs">
                <PrintButton pages={lines.pages} />
                <DocumentButtons of={found} canPay={isCompany} />
              </Group>
            }
          />
          {found.held !== null && (
            <Alert color="yellow" variant="default" mb="md">
              {t('held', { reason: found.held })}
            </Alert>
          )}
          <Standing of={found} credited={credited} />
          {!isCompany && <MarketActions of={found} />}
          <InvoiceFacts of={found} isCompany={isCompany} />
          <Lines of={found} lines={lines} />
          <InvoiceSums of={found} credited={credited} />
          <CreditNotesOf notes={notes} />
        </>
      )}
    </QueryState>
  );
}

function Standing({ of, credited }: { of: Invoice; credited: Credited | null }) {
  const { currency, state } = of;
  return (
    <Figures>
      <Figure name={t('total')} note={monthText(of.period)}>
        <Money micros={of.totalMicros} currency={currency} />
      </Figure>
      <Figure
        name={t('remaining')}
        note={
          state === 'open' ? (
            <>
              {t('remaining.due')} <When iso={of.dueAt} />
            </>
          ) : (
            t('remaining.none')
          )
        }
      >
        <Money micros={state === 'open' ? of.remainingMicros : 0} currency={currency} />
      </Figure>
      <Figure
        name={t('paid')}
        note={
          of.paidAt !== null && (
            <>
              {t('paid.on')} <When iso={of.paidAt} show="date" />
            </>
          )
        }
      >
        <Money micros={of.paidMicros} currency={currency} />
      </Figure>
      {of.creditAppliedMicros > 0 && (
        <Figure name={t('creditApplied')} note={t('creditApplied.note')}>
          <Money micros={of.creditAppliedMicros} currency={currency} />
        </Figure>
      )}
      <Figure name={t('credited')} note={credited !== null && <Went of={credited} currency={currency} />}>
        <Money micros={credited?.micros ?? null} currency={currency} />
      </Figure>
    </Figures>
  );
}

const Went = ({ of, currency }: { of: Credited; currency: string }) => (
  <>
    {of.notes === 0
      ? t('notes.none')
      : partsOf(of)
          .map(([part, micros]) => t(`went.${part}`, { amount: moneyText(micros, currency) }))
          .join(', ')}
  </>
);

/** The lines as on the invoice, or by queue, round and kind. */
function useLines(invoice: string) {
  const [{ lines: shown }, set] = useUrlState({ lines: 'summary' });
  const detail = shown === 'detail';
  const query = { limit: 100, ...(detail ? { detail: 'true' } : {}) };
  const pages = usePages('/v1/invoices/{invoice}/lines', { path: { invoice }, query });
  return { shown, detail, pages, show: (value: string) => set({ lines: value }) };
}

function Lines({ of, lines: { shown, detail, pages, show } }: { of: Invoice; lines: ReturnType<typeof useLines> }) {
  return (
    <Section
      title={t('lines')}
      lead={t('lines.lead')}
      actions={
        of.details > 0 && (
          <SegmentedControl
            className="no-print"
            size="xs"
            aria-label={t('lines')}
            value={shown}
            onChange={show}
            data={[
              { value: 'summary', label: t('summary') },
              { value: 'detail', label: t('detail') },
            ]}
          />
        )
      }
    >
      <PagedTable
        caption={t('caption')}
        columns={[...lineColumns(of.currency), creditedColumn(of.currency)]}
        pages={pages}
        rowKey={({ line }) => String(line)}
        rowHref={({ line }) => `/invoices/${of.id}/lines/${line}${detail ? '?detail=true' : ''}`}
        empty={{ title: t('lines.empty'), text: t('lines.empty.text') }}
      />
      <Text size="sm" c="dimmed" mt={4} ta="end">
        {t('subtotal')}: <Money micros={of.subtotalMicros} currency={of.currency} />
      </Text>
    </Section>
  );
}
