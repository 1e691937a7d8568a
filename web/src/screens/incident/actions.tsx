/** What a company decides about an incident: the cause and its words, that it is none, that it works again. */
import { Textarea, TextInput } from '@mantine/core';
import { CauseInput, ClosingInput, type IncidentView } from '../../../../shared/incident/incident.ts';
import { useAct } from '../../api/use-api.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { t } from './messages.en.ts';

export function Actions({ incident }: { incident: IncidentView }) {
  const { state } = incident;
  return (
    <>
      {state === 'proposed' && <Dismiss incident={incident} />}
      {(state === 'proposed' || state === 'declared') && (
        <Cause key={`${incident.title} ${incident.words}`} incident={incident} />
      )}
      {state === 'declared' && <Close incident={incident} />}
    </>
  );
}

function Dismiss({ incident: { id } }: { incident: IncidentView }) {
  const dismiss = useAct('post', '/v1/incidents/{incident}/dismiss');
  return (
    <ConfirmButton
      label={t('dismiss')}
      variant="default"
      title={t('dismiss.title')}
      consequence={t('dismiss.text')}
      act={() => dismiss.mutateAsync({ path: { incident: id } })}
      done={t('dismiss.done')}
    />
  );
}

function Cause({ incident: { id, state, title, words } }: { incident: IncidentView }) {
  const put = useAct('put', '/v1/incidents/{incident}/cause');
  const form = useForm({ initial: { title: title ?? '', words: words ?? '' }, schema: CauseInput });
  const isNew = state === 'proposed';
  return (
    <FormDialog
      label={t(isNew ? 'name' : 'change')}
      variant={isNew ? 'filled' : 'default'}
      title={t(isNew ? 'name.title' : 'change.title')}
      lead={t(isNew ? 'name.lead' : 'change.lead')}
      {...(isNew ? {} : { confirm: t('change.act') })}
      form={form}
      send={async (body) => {
        await put.mutateAsync({ path: { incident: id }, body });
        sayDone(t(isNew ? 'name.done' : 'change.done'));
      }}
    >
      <TextInput
        {...form.text('title')}
        label={t('field.title')}
        description={t('field.title.text')}
        maxLength={120}
        required
      />
      <Textarea
        {...form.text('words')}
        label={t('field.words')}
        autosize
        minRows={4}
        maxRows={12}
        maxLength={2_000}
        required
      />
    </FormDialog>
  );
}

function Close({ incident: { id, linked } }: { incident: IncidentView }) {
  const close = useAct('post', '/v1/incidents/{incident}/close');
  const form = useForm({ initial: { words: '' }, schema: ClosingInput });
  return (
    <FormDialog
      label={t('close')}
      title={t('close.title')}
      lead={t('close.lead', { linked })}
      confirm={t('close.act')}
      form={form}
      send={async (body) => {
        await close.mutateAsync({ path: { incident: id }, body });
        sayDone(t('close.done'));
      }}
    >
      <Textarea
        {...form.text('words')}
        label={t('close.words')}
        autosize
        minRows={3}
        maxRows={12}
        maxLength={2_000}
        required
      />
    </FormDialog>
  );
}
