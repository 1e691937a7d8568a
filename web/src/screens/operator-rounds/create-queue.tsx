/** Opens a queue for a service class, with first terms. */
import { Modal, Paper, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { Currency } from '../../../../shared/kernel/money.ts';
import { QueueInput } from '../../../../shared/queue/queue.ts';
import { SlaTier } from '../../../../shared/service-class/service-class.ts';
import { DEFAULT_SLA_HOURS } from '../../../../shared/terms/terms.ts';
import { useAct } from '../../api/use-api.ts';
import { useGo } from '../../app/navigate.ts';
import { t as common } from '../../messages/en.ts';
import { FormFoot } from '../../ui/form-foot.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { TermsFields } from '../operator-queue/terms-fields.tsx';
import { NUMBERS } from '../operator-queue/terms-values.ts';
import { t } from './messages.en.ts';
import { INITIAL, queueBody } from './queue-body.ts';

export function CreateQueue({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size="lg"
      title={t('form.title')}
      closeButtonProps={{ 'aria-label': common('toast.close') }}
    >
      <Form onClose={onClose} />
    </Modal>
  );
}

/** What stands among the first fields is not asked for twice. */
const FURTHER = NUMBERS.filter((name) => name !== 'slaHours');
const CLASS = ['category', 'channel', 'language', 'region'] as const;
const MONEY = [
  ['ceilingMicros', 'form.ceiling'],
  ['failureCostMicros', 'form.failure'],
  ['secondPersonAboveMicros', 'form.second'],
] as const;

function Form({ onClose }: { onClose: () => void }) {
  const go = useGo();
  const create = useAct('post', '/v1/queues');
  const form = useForm({ initial: INITIAL, schema: QueueInput, toBody: queueBody });
  const { values, errors } = form;
  const errorOf = (field: string) => (errors[field] === undefined ? {} : { error: errors[field] });
  return (
    <form
      noValidate
      onSubmit={form.submit(async (body) => {
        const queue = await create.mutateAsync({ body });
        sayDone(t('form.done'));
        onClose();
        go(`/operator/queues/${queue.id}`);
      })}
    >
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {CLASS.map((name) => (
            <TextInput
              key={name}
              label={t(`form.${name}`)}
              value={values[name]}
              onChange={(event) => form.set({ [name]: event.currentTarget.value })}
              required
              {...errorOf(`serviceClass.${name}`)}
            />
          ))}
          <Select
            label={t('form.sla')}
            data={[...SlaTier.options]}
            value={values.slaTier}
            allowDeselect={false}
            onChange={(tier) => {
              const slaTier = SlaTier.parse(tier);
              form.set({ slaTier, slaHours: DEFAULT_SLA_HOURS[slaTier] });
            }}
          />
          <Select
            label={t('form.currency')}
            data={[...Currency.options]}
            value={values.currency}
            allowDeselect={false}
            onChange={(currency) => form.set({ currency: Currency.parse(currency) })}
          />
          <NumberInput
            label={t('form.slaHours')}
            value={values.slaHours ?? ''}
            onChange={(hours) => form.set({ slaHours: typeof hours === 'number' ? hours : null })}
            min={1}
            hideControls
            required
            {...errorOf('terms.slaHours')}
          />
          {MONEY.map(([name, label]) => (
            <MoneyInput
              key={name}
              label={t(label)}
              currency={values.currency}
              value={values[name]}
              onChange={(micros) => form.set({ [name]: micros })}
              required
              {...errorOf(`terms.${name}`)}
            />
          ))}
        </SimpleGrid>
        <TextInput
          {...form.text('firstRoundStartsAt')}
          type="datetime-local"
          label={t('form.first')}
          description={t('form.first.hint')}
          maw={320}
        />
        <Paper p="md">
          <details>
            <summary>{t('form.more')}</summary>
            <Stack mt="sm">
              <TermsFields form={form} currency={values.currency} amounts={[]} numbers={FURTHER} below="terms." />
            </Stack>
          </details>
        </Paper>
        <FormFoot form={form} act={t('form.send')} onCancel={onClose} />
      </Stack>
    </form>
  );
}
