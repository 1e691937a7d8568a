/** What providers owe and the market gives up, by two people. */
import { Group, NativeSelect, Textarea } from '@mantine/core';
import { type Debt, DebtInput } from '../../../../shared/payout/debt.ts';
import { useAct, usePages } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { moneyText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { OrganisationName, PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { Money, When } from '../../ui/values.tsx';
import { CURRENCIES } from '../finance-parts/filters.tsx';
import { Decide } from '../money-parts/decide.tsx';
import { hrefOfLedger } from '../money-parts/hrefs.ts';
import { PartySelect } from '../money-parts/party-select.tsx';
import { DEBT_STATES } from '../money-parts/states.ts';
import { t } from './messages.en.ts';

const columns: readonly Column<Debt>[] = [
  {
    key: 'provider',
    header: t('provider'),
    cell: ({ provider }) => (
      <Go href={`/providers/${provider}`}>
        <OrganisationName id={provider} />
      </Go>
    ),
  },
  { key: 'state', header: t('column.state'), cell: ({ state }) => <StatusBadge state={state} states={DEBT_STATES} /> },
  {
    key: 'reason',
    header: t('reason'),
    cell: ({ reason }) => <span style={{ overflowWrap: 'anywhere' }}>{reason}</span>,
  },
  { key: 'by', header: t('column.by'), cell: ({ madeBy }) => <PersonName id={madeBy} /> },
  { key: 'at', header: t('column.at'), isNumber: true, cell: ({ madeAt }) => <When iso={madeAt} /> },
  {
    key: 'amount',
    header: t('amount'),
    isNumber: true,
    cell: ({ micros, currency }) => <Money micros={micros} currency={currency} exact />,
  },
  { key: 'do', header: t('column.do'), cell: (debt) => <Decision of={debt} /> },
];

export default function ProviderDebts() {
  const debts = usePages('/v1/provider-debts', { query: { limit: 100 } });
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <Group gap="md">
            <Go href="/aged?of=payables">{t('owe')}</Go>
            {useMay('market.finance') && <Propose />}
          </Group>
        }
      />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={debts}
        rowKey={({ id }) => id}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
    </>
  );
}

function Propose() {
  const propose = useAct('post', '/v1/provider-debts');
  const form = useForm({
    initial: { provider: '', currency: 'USD', micros: null as number | null, reason: '' },
    schema: DebtInput,
  });
  const { name: _name, value, onChange: _change, ...rest } = form.value('provider');
  return (
    <FormDialog
      label={t('propose')}
      title={t('propose.title')}
      lead={t('propose.lead')}
      form={form}
      send={async (body) => {
        await propose.mutateAsync({ body });
        sayDone(t('proposed'));
      }}
    >
      <PartySelect
        {...rest}
        kind="provider"
        label={t('provider')}
        value={value === '' ? null : value}
        onChange={(id) => form.set({ provider: id ?? '' })}
      />
      <NativeSelect {...form.text('currency')} label={t('currency')} data={[...CURRENCIES]} />
      <MoneyInput {...form.value('micros')} label={t('amount')} currency={form.values.currency} />
      <Textarea
        {...form.text('reason')}
        label={t('reason')}
        description={t('reason.hint')}
        maxLength={500}
        autosize
        minRows={2}
      />
    </FormDialog>
  );
}

function Decision({ of: { id, state, madeBy, micros, currency } }: { of: Debt }) {
  const approve = useAct('post', '/v1/provider-debts/{debt}/approval');
  const withdraw = useAct('delete', '/v1/provider-debts/{debt}');
  const path = { debt: id };
  if (state === 'withdrawn') return <>–</>;
  if (state === 'approved') return <Go href={hrefOfLedger(`debt-given-up#${id}`)}>{t('entry')}</Go>;
  return (
    <Decide
      size="compact-sm"
      maker={madeBy}
      withdraw={{
        label: t('withdraw'),
        title: t('withdraw.title'),
        consequence: t('withdraw.text'),
        act: () => withdraw.mutateAsync({ path }),
        done: t('withdrawn'),
      }}
      approve={{
        label: t('approve'),
        title: t('approve.title', { amount: moneyText(micros, currency) }),
        consequence: t('approve.text'),
        act: () => approve.mutateAsync({ path }),
        done: t('approved'),
      }}
    />
  );
}
