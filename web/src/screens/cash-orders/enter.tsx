/** Enters orders of cash: a payment that came outside Stripe, money to the bank, what a transaction was. */
import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { CashOrderInput, type UnknownTransaction } from '../../../../shared/cash/order.ts';
import { ACCOUNTS, type AccountCode } from '../../../../shared/ledger/ledger.ts';
import { useAct } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { moneyText } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { CURRENCIES } from '../finance-parts/filters.tsx';
import { accountText } from '../money-parts/legs.tsx';
import { PartySelect } from '../money-parts/party-select.tsx';
import { instantOf, localOf } from './about.ts';
import { t } from './messages.en.ts';

function useEnter() {
  const enter = useAct('post', '/v1/cash-orders');
  return async (body: unknown) => {
    await enter.mutateAsync({ body: CashOrderInput.parse(body) });
    sayDone(t('entered'));
  };
}

type PaymentProps = { invoice?: string; currency?: string; remainingMicros?: number; variant?: 'default' | 'filled' };

/** A payment by bank, of any invoice or of one that is given with what is left to pay. */
export function EnterPayment({ invoice, currency, remainingMicros, variant = 'default' }: PaymentProps) {
  const enter = useEnter();
  const now = useNow();
  const form = useForm({
    initial: {
      invoice: invoice ?? '',
      amountMicros: remainingMicros ?? (null as number | null),
      receivedAt: localOf(now),
      reference: '',
    },
    schema: CashOrderInput,
    toBody: (values) => ({ kind: 'outside_payment', ...values, receivedAt: instantOf(values.receivedAt) }),
  });
  return (
    <FormDialog
      label={t('pay')}
      variant={variant}
      title={t('pay.title')}
      lead={t('pay.lead')}
      confirm={t('enter')}
      form={form}
      send={enter}
    >
      {invoice === undefined && (
        <TextInput {...form.text('invoice')} label={t('pay.invoice')} description={t('pay.invoice.hint')} />
      )}
      <MoneyInput
        {...form.value('amountMicros')}
        label={t('amount')}
        description={t('amount.hint')}
        currency={currency ?? ''}
      />
      <TextInput
        {...form.text('receivedAt')}
        type="datetime-local"
        label={t('pay.received')}
        description={t('pay.received.hint')}
      />
      <TextInput {...form.text('reference')} label={t('pay.reference')} maxLength={140} />
    </FormDialog>
  );
}

export function PayOut() {
  const enter = useEnter();
  const form = useForm({
    initial: { currency: 'USD', amountMicros: null as number | null, note: '' },
    schema: CashOrderInput,
    toBody: (values) => ({ kind: 'bank_payout', ...values }),
  });
  return (
    <FormDialog
      label={t('bank')}
      variant="default"
      title={t('bank.title')}
      lead={t('bank.lead')}
      confirm={t('enter')}
      form={form}
      send={enter}
    >
      <NativeSelect {...form.text('currency')} label={t('currency')} data={[...CURRENCIES]} />
      <MoneyInput
        {...form.value('amountMicros')}
        label={t('amount')}
        description={t('amount.hint')}
        currency={form.values.currency}
      />
      <Textarea {...form.text('note')} label={t('note')} description={t('note.hint')} maxLength={500} autosize />
    </FormDialog>
  );
}

const CODES = (Object.keys(ACCOUNTS) as AccountCode[]).filter((code) => ACCOUNTS[code].of !== 'pool');

export function Explain({ of: { transaction, type, currency, netMicros } }: { of: UnknownTransaction }) {
  const enter = useEnter();
  const form = useForm({
    initial: { account: '5100' as AccountCode, of: '', note: '' },
    schema: CashOrderInput,
    toBody: ({ account, of, note }) => ({
      kind: 'explanation',
      transaction,
      account,
      of: of.trim() === '' ? null : of.trim(),
      note,
    }),
  });
  const kind = ACCOUNTS[form.values.account].of;
  return (
    <FormDialog
      label={t('explain')}
      size="compact-sm"
      variant="default"
      title={t('explain.title')}
      lead={t('explain.lead', { amount: moneyText(netMicros, currency), type })}
      confirm={t('enter')}
      form={form}
      send={enter}
    >
      <NativeSelect
        {...form.text('account')}
        onChange={(event) => form.set({ account: event.currentTarget.value as AccountCode, of: '' })}
        label={t('explain.account')}
        data={CODES.map((code) => ({ value: code, label: accountText(code) }))}
      />
      {kind === 'invoice' && <TextInput {...form.text('of')} label={t('explain.of.invoice')} />}
      {(kind === 'company' || kind === 'provider') && (
        <PartySelect
          kind={kind}
          label={t('explain.of')}
          value={form.values.of === '' ? null : form.values.of}
          onChange={(id) => form.set({ of: id ?? '' })}
        />
      )}
      <Textarea {...form.text('note')} label={t('note')} description={t('note.hint')} maxLength={500} autosize />
    </FormDialog>
  );
}
