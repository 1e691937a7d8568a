/** Approves an organisation for money, changes what was approved, or suspends it. */
import { Button, Modal, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ApprovalInput, type Organisation } from '../../../../shared/organisation/organisation.ts';
import { useAct } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { FormFoot } from '../../ui/form-foot.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { type ApprovalValues, approvalBody } from './approval.ts';
import { t } from './messages.en.ts';

export function Approve({ organisation }: { organisation: Organisation }) {
  const [isOpen, setOpen] = useState(false);
  const { name, status } = organisation;
  return (
    <>
      <Button size="compact-sm" variant={status === 'pending' ? 'filled' : 'default'} onClick={() => setOpen(true)}>
        {t(status === 'approved' ? 'approve.again' : 'approve')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('approve.title', { name })}
        closeButtonProps={{ 'aria-label': common('toast.close') }}
      >
        <Form organisation={organisation} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}

const EMPTY: ApprovalValues = { creditUnits: null, qualityPercent: null, calls: 'as_is', perSecond: null, burst: null };
const CALLS = ['as_is', 'usual', 'own'] as const;

function Form({ organisation: { id, kind, name }, onClose }: { organisation: Organisation; onClose: () => void }) {
  const approve = useAct('post', '/v1/organisations/{organisation}/approve');
  const form = useForm({ initial: EMPTY, schema: ApprovalInput, toBody: approvalBody });
  const { values, errors } = form;
  const number = (value: string | number) => (typeof value === 'number' ? value : null);
  const errorOf = (field: string) => (errors[field] === undefined ? {} : { error: errors[field] });
  return (
    <form
      noValidate
      onSubmit={form.submit(async (body) => {
        await approve.mutateAsync({ path: { organisation: id }, body });
        onClose();
        sayDone(t('approve.done', { name }));
      })}
    >
      <Stack>
        <Text size="sm">{t('approve.text')}</Text>
        {kind === 'company' ? (
          <NumberInput
            label={t('approve.credit')}
            description={t('approve.credit.hint')}
            value={values.creditUnits ?? ''}
            onChange={(value) => form.set({ creditUnits: number(value) })}
            min={0}
            thousandSeparator
            hideControls
            {...errorOf('creditLimitMicros')}
          />
        ) : (
          <NumberInput
            label={t('approve.quality')}
            description={t('approve.quality.hint')}
            value={values.qualityPercent ?? ''}
            onChange={(value) => form.set({ qualityPercent: number(value) })}
            min={0}
            max={100}
            hideControls
            {...errorOf('qualityBps')}
          />
        )}
        <Select
          label={t('approve.calls')}
          description={t('approve.calls.hint')}
          data={CALLS.map((value) => ({ value, label: t(`approve.calls.${value}`) }))}
          value={values.calls}
          allowDeselect={false}
          onChange={(calls) => form.set({ calls: (calls ?? 'as_is') as ApprovalValues['calls'] })}
        />
        {values.calls === 'own' && (
          <SimpleGrid cols={2}>
            {(['perSecond', 'burst'] as const).map((name) => (
              <NumberInput
                key={name}
                label={t(`approve.${name}`)}
                value={values[name] ?? ''}
                onChange={(value) => form.set({ [name]: number(value) })}
                min={1}
                allowDecimal={false}
                thousandSeparator
                hideControls
                required
                {...errorOf(`calls.${name}`)}
              />
            ))}
          </SimpleGrid>
        )}
        <FormFoot form={form} act={t('approve')} onCancel={onClose} />
      </Stack>
    </form>
  );
}

export function Suspend({ id, name }: Organisation) {
  const suspend = useAct('post', '/v1/organisations/{organisation}/suspend');
  return (
    <ConfirmButton
      label={t('suspend')}
      size="compact-sm"
      variant="default"
      title={t('suspend.title', { name })}
      consequence={t('suspend.text')}
      act={() => suspend.mutateAsync({ path: { organisation: id } })}
      done={t('suspend.done', { name })}
    />
  );
}
