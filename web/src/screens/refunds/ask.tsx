/** Asks to pay out what a company has as credit. */
import { Textarea, TextInput } from '@mantine/core';
import { CreditPayoutInput } from '../../../../shared/refund/refund.ts';
import { useAct } from '../../api/use-api.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { t } from './messages.en.ts';

export function AskCreditPayout({ variant = 'default' }: { variant?: 'default' | 'filled' }) {
  const ask = useAct('post', '/v1/money/refunds');
  const form = useForm({
    initial: { invoice: '', micros: null as number | null, reason: '' },
    schema: CreditPayoutInput,
    toBody: ({ invoice, ...rest }) => ({ ...rest, invoice: invoice.trim() }),
  });
  const currency = form.values.invoice.split('.')[1] ?? '';
  return (
    <FormDialog
      label={t('ask')}
      variant={variant}
      title={t('ask.title')}
      lead={t('ask.lead')}
      form={form}
      send={async (body) => {
        await ask.mutateAsync({ body });
        sayDone(t('asked'));
      }}
    >
      <TextInput {...form.text('invoice')} label={t('ask.invoice')} description={t('ask.invoice.hint')} />
      <MoneyInput
        {...form.value('micros')}
        label={t('ask.amount')}
        description={t('ask.amount.hint')}
        currency={currency}
      />
      <Textarea {...form.text('reason')} label={t('ask.reason')} maxLength={500} autosize minRows={2} />
    </FormDialog>
  );
}
