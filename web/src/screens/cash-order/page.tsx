/** One order of cash: what it is, what became of it, and the decision of a second person. */
import { Alert, Group } from '@mantine/core';
import type { CashOrder } from '../../../../shared/cash/order.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { moneyText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { Money, When } from '../../ui/values.tsx';
import { amountOf } from '../cash-orders/about.ts';
import { t } from '../cash-orders/messages.en.ts';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { accountText, Owner } from '../money-parts/legs.tsx';
import { SecondPerson } from '../money-parts/second-person.tsx';
import { ORDER_STATES } from '../money-parts/states.ts';

/** An approved order is carried out by a queue, within seconds. */
const REFRESH_MS = 3_000;

export default function CashOrderPage() {
  const order = usePathParam('order');
  const found = useRead('/v1/cash-orders/{order}', { path: { order } }, { refreshMs: REFRESH_MS });
  return <QueryState of={found}>{(of) => <One of={of} />}</QueryState>;
}

function One({ of }: { of: CashOrder }) {
  const { order, state, currency } = of;
  return (
    <>
      <PageHeader
        title={t(`kind.${order.kind}`)}
        back={{ href: '/cash-orders', title: t('title') }}
        status={<StatusBadge state={state} states={ORDER_STATES} />}
        actions={state === 'entered' && <Decide of={of} />}
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
        <Fact name={t('fact.by')}>
          <PersonName id={of.madeBy} />
        </Fact>
        <Fact name={t('fact.at')}>
          <When iso={of.madeAt} show="absolute" />
        </Fact>
        {of.approvedBy !== null && (
          <>
            <Fact name={t('fact.approvedBy')}>
              <PersonName id={of.approvedBy} />
            </Fact>
            <Fact name={t('fact.approvedAt')}>
              <When iso={of.approvedAt} show="absolute" />
            </Fact>
          </>
        )}
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

function Decide({ of }: { of: CashOrder }) {
  const approve = useAct('post', '/v1/cash-orders/{order}/approval');
  const withdraw = useAct('delete', '/v1/cash-orders/{order}');
  const path = { order: of.id };
  const amount = moneyText(amountOf(of) ?? 0, of.currency);
  const account = of.order.kind === 'explanation' ? of.order.account : '';
  return (
    <Group gap="xs">
      {useMay('market.finance') && (
        <ConfirmButton
          label={t('withdraw')}
          variant="default"
          title={t('withdraw.title')}
          consequence={t('withdraw.text')}
          act={async () => {
            await withdraw.mutateAsync({ path });
            sayDone(t('withdrawn'));
          }}
        />
      )}
      <SecondPerson makers={[of.madeBy]}>
        <ConfirmButton
          label={t('approve')}
          title={t('approve.title')}
          consequence={t(`approve.${of.order.kind}`, { amount, account })}
          act={async () => {
            await approve.mutateAsync({ path });
            sayDone(t('approved'));
          }}
        />
      </SecondPerson>
    </Group>
  );
}
