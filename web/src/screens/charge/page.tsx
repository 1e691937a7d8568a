/** One charge of a company: what it cost and why, where it is billed, its receipt, and its dispute. */
import { Group } from '@mantine/core';
import type { DisputeView } from '../../../../shared/dispute/dispute-view.ts';
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import type { Receipt } from '../../../../shared/receipt/receipt.ts';
import { useRead } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { usePathParam } from '../../app/navigate.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { Go } from '../../ui/go.tsx';
import { monthOf, monthText } from '../../ui/months.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, TimeLeft, When } from '../../ui/values.tsx';
import { Section } from '../finance-parts/section.tsx';
import { CHARGE_OUTCOMES, DISPUTE_STATES, INVOICE_STATES, OPEN_DISPUTES } from '../finance-parts/states.ts';
import { useQueue } from '../market-parts/queues.tsx';
import { ReceiptFacts } from '../receipt-parts/receipt.tsx';
import { DisputeButton } from './dispute-button.tsx';
import { useDisputesOf } from './disputes-of.ts';
import { t } from './messages.en.ts';
import { disputableUntil, invoiceOf } from './window.ts';

const USUAL_DISPUTE_DAYS = 30;
const USUAL_ANSWER_DAYS = 5;

const LIST = { href: '/charges', title: t('charges') };

export default function ChargePage() {
  const request = usePathParam('request');
  const signed = useRead('/v1/requests/{request}/receipt', { path: { request } });
  return (
    <QueryState of={signed} isPage back={LIST}>
      {({ receipt, jws }) => <Charged receipt={receipt} jws={jws} />}
    </QueryState>
  );
}

function Charged({ receipt, jws }: { receipt: Receipt; jws: string }) {
  const terms = useQueue(receipt.queue)?.terms;
  const invoices = useRead('/v1/invoices', { query: { limit: 100 } }).data?.items ?? [];
  const disputes = useDisputesOf(receipt.request);
  const { price, settledAt } = receipt;
  const invoice = price === null || settledAt === null ? undefined : invoiceOf({ settledAt, ...price }, invoices);
  const until = disputableUntil(invoice, terms?.disputeDays ?? USUAL_DISPUTE_DAYS);
  const isOver = useNow() > (until ?? Number.POSITIVE_INFINITY);
  const isDisputed = disputes.data?.some(({ state }) => OPEN_DISPUTES.includes(state)) ?? true;
  const kind = receipt.confirmation.kind === 'assumed' ? 'assumed' : 'confirmed';
  return (
    <>
      <PageHeader
        title={t('title', { request: receipt.request.split('.').at(-1) ?? '' })}
        back={LIST}
        status={<StatusBadge state={kind} states={CHARGE_OUTCOMES} />}
        actions={
          <Group gap="md">
            <Go href={`/requests/${receipt.request}`}>{t('thread')}</Go>
            {price !== null && settledAt !== null && !isOver && !isDisputed && (
              <DisputeButton
                request={receipt.request}
                micros={price.micros}
                currency={price.currency}
                answerDays={terms?.disputeAnswerDays ?? USUAL_ANSWER_DAYS}
              />
            )}
          </Group>
        }
      />
      <Figures>
        <Figure name={t('amount')} note={t('amount.note')}>
          <Money micros={price?.micros ?? null} currency={price?.currency ?? 'USD'} exact />
        </Figure>
        <Figure name={t('settled')} note={<When iso={settledAt} />}>
          <When iso={settledAt} show="date" />
        </Figure>
        <Billed invoice={invoice} settledAt={settledAt} />
        <Figure
          name={t('disputable')}
          note={
            isOver ? (
              t('disputable.over')
            ) : until === null ? (
              t('disputable.open', { days: terms?.disputeDays ?? USUAL_DISPUTE_DAYS })
            ) : (
              <>
                {t('disputable.until')} <When iso={new Date(until).toISOString()} show="absolute" />
              </>
            )
          }
        >
          <TimeLeft iso={until === null || isOver ? null : new Date(until).toISOString()} />
        </Figure>
      </Figures>
      {disputes.data !== undefined && disputes.data.length > 0 && <Disputes all={disputes.data} />}
      <ReceiptFacts receipt={receipt} jws={jws} />
    </>
  );
}

function Billed({ invoice, settledAt }: { invoice: Invoice | undefined; settledAt: string | null }) {
  if (invoice === undefined)
    return (
      <Figure
        name={t('billed')}
        note={t('billed.note', { month: monthText(monthOf(Date.parse(settledAt ?? '1970-01-01'))) })}
      >
        <FigureLink href="/invoices/next" what={t('billed.preview')}>
          {t('billed.not')}
        </FigureLink>
      </Figure>
    );
  return (
    <Figure name={t('billed')} note={<StatusBadge state={invoice.state} states={INVOICE_STATES} />}>
      <FigureLink href={`/invoices/${invoice.id}`} what={invoice.id}>
        <span className="number">{invoice.number ?? monthText(invoice.period)}</span>
      </FigureLink>
    </Figure>
  );
}

const Disputes = ({ all }: { all: readonly DisputeView[] }) => (
  <Section title={t('disputes')}>
    {all.map(({ id, state, openedAt, amounts, currency }) => (
      <Group key={id} gap="sm">
        <Go href={`/disputes/${id}`}>
          <Money micros={amounts[0]?.claimedMicros ?? 0} currency={currency} exact />,{' '}
          <When iso={openedAt} show="date" />
        </Go>
        <StatusBadge state={state} states={DISPUTE_STATES} />
      </Group>
    ))}
  </Section>
);
