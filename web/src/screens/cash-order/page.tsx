/** One order of cash: what it is, what became of it, and the decision of a second person. */
import { Alert } from '@mantine/core';
import type { CashOrder } from '../../../../shared/cash/order.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { moneyText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, When } from '../../ui/values.tsx';
import { amountOf } from '../cash-orders/about.ts';
import { t } from '../cash-orders/messages.en.ts';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Acted } from '../money-parts/acted.tsx';
import { Decide } from '../money-parts/decide.tsx';
import { accountText, Owner } from '../money-parts/legs.tsx';
import { ORDER_STATES } from '../money-parts/states.ts';

/** An approved order is carried out by a queue, within seconds. */
const REFRESH_MS = 3_000;

const LIST = { href: '/cash-orders', title: t('title') };

export default function CashOrderPage() {
  const order = usePathParam('order');
  const found = useRead('/v1/cash-orders/{order}', { path: { order } }, { refreshMs: REFRESH_MS });
  return (
    <QueryState of={found} isPage back={LIST}>
      {(of) => <One of={of} />}
    </QueryState>
  );
}

function One({ of }: { of: CashOrder }) {
  const { order, state, currency } = of;
  return (
    <>
      <PageHeader
        title={t(`kind.${order.kind}`)}
        back={LIST}
        status={<StatusBadge state={state} states={ORDER_STATES} />}
        actions={state === 'entered' && <Decision of={of} />}
      />
      {of.refused !== null && (
        <Alert color="red" variant="default" mb="md">
          {t('refused', { reason: of.refused })}
        </Alert>
      )}
      <Facts>
        {order.kind !== 'explanation' && (
          <Fact name={t('amount')}>
            <Money micros={order.amountMicros} currency={currency} />
          </Fact>
        )}
        <OrderFacts of={of} />
        <Acted by={t('fact.by')} at={t('fact.at')} who={of.madeBy} when={of.madeAt} />
        <Acted by={t('fact.approvedBy')} at={t('fact.approvedAt')} who={of.approvedBy} when={of.approvedAt} />
        {of.result !== null && <Fact name={t('fact.result')}>{of.result}</Fact>}
      </Facts>
    </>
  );
}

function OrderFacts({ of: { order, currency } }: { of: CashOrder }) {
  switch (order.kind) {
    case 'outside_payment':
      return (
        <>
          <Fact name={t('fact.invoice')}>
            <Go href={`/invoices/${order.invoice}`}>{order.invoice}</Go>
          </Fact>
          <Fact name={t('fact.received')}>
            <When iso={order.receivedAt} show="absolute" />
          </Fact>
          <Fact name={t('fact.reference')}>{order.reference}</Fact>
        </>
      );
    case 'bank_payout':
      return <Fact name={t('fact.note')}>{order.note}</Fact>;
    case 'explanation':
      return (
        <>
          <Fact name={t('fact.transaction')}>{order.transaction}</Fact>
          <Fact name={t('fact.currency')}>{currency}</Fact>
          <Fact name={t('fact.account')}>{accountText(order.account)}</Fact>
          {order.of !== null && (
            <Fact name={t('fact.of')}>
              <Owner account={order.account} of={order.of} />
            </Fact>
          )}
          <Fact name={t('fact.note')}>{order.note}</Fact>
        </>
      );
  }
}

function Decision({ of }: { of: CashOrder }) {
  const approve = useAct('post', '/v1/cash-orders/{order}/approval');
  const withdraw = useAct('delete', '/v1/cash-orders/{order}');
  const path = { order: of.id };
  const amount = moneyText(amountOf(of) ?? 0, of.currency);
  const account = of.order.kind === 'explanation' ? of.order.account : '';
  return (
    <Decide
      maker={of.madeBy}
      withdraw={{
        label: t('withdraw'),
        title: t('withdraw.title'),
        consequence: t('withdraw.text'),
        act: () => withdraw.mutateAsync({ path }),
        done: t('withdrawn'),
      }}
      approve={{
        label: t('approve'),
        title: t('approve.title'),
        consequence: t(`approve.${of.order.kind}`, { amount, account }),
        act: () => approve.mutateAsync({ path }),
        done: t('approved'),
      }}
    />
  );
}
