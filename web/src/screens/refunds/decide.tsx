/** The decision of a second person on a refund. */
import { Group, Radio, Stack, TextInput } from '@mantine/core';
import { type RefundView, ReleaseInput } from '../../../../shared/refund/refund.ts';
import { useAct } from '../../api/use-api.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { moneyText } from '../../ui/format.ts';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { SecondPerson } from '../money-parts/second-person.tsx';
import { t } from './messages.en.ts';

export function Decide({ of }: { of: RefundView }) {
  const decline = useAct('post', '/v1/money/refunds/{refund}/decline');
  return (
    <SecondPerson makers={of.makers}>
      <Group gap="xs" wrap="nowrap">
        <Release of={of} />
        <ConfirmButton
          label={t('decline')}
          size="compact-sm"
          variant="default"
          title={t('decline.title')}
          consequence={t('decline.text')}
          act={() => decline.mutateAsync({ path: { refund: of.id } })}
          done={t('declined')}
        />
      </Group>
    </SecondPerson>
  );
}

function Release({ of: { id, micros, currency } }: { of: RefundView }) {
  const release = useAct('post', '/v1/money/refunds/{refund}/release');
  const form = useForm({
    initial: { way: 'stripe', bankReference: '' },
    schema: ReleaseInput,
    toBody: ({ way, bankReference }) => (way === 'bank' ? { way, bankReference } : { way: 'stripe' }),
  });
  return (
    <FormDialog
      label={t('release')}
      size="compact-sm"
      title={t('release.title', { amount: moneyText(micros, currency) })}
      lead={t('release.lead')}
      form={form}
      send={async (body) => {
        await release.mutateAsync({ path: { refund: id }, body });
        sayDone(t('released'));
      }}
    >
      <Radio.Group {...form.value('way')} label={t('release.way')}>
        <Stack gap="xs" mt="xs">
          <Radio value="stripe" label={t('release.stripe')} />
          <Radio value="bank" label={t('release.bank')} />
        </Stack>
      </Radio.Group>
      {form.values.way === 'bank' && (
        <TextInput {...form.text('bankReference')} label={t('release.reference')} maxLength={140} />
      )}
    </FormDialog>
  );
}
