/** What an endpoint is: its address, the events it is told, whether it is on. */

import { Checkbox, MultiSelect, Stack, Switch, TextInput } from '@mantine/core';
import { type EventType, typesFor } from '../../../../shared/webhook/event.ts';
import { type Webhook, WebhookInput } from '../../../../shared/webhook/webhook.ts';
import { useMay } from '../../auth/session.ts';
import { FormFoot } from '../../ui/form-foot.tsx';
import { useForm } from '../../ui/use-form.ts';
import { t } from './messages.en.ts';

type Values = {
  url: string;
  description: string;
  isAll: boolean;
  events: readonly EventType[];
  enabled: boolean;
};

const initialOf = (webhook: Webhook | undefined): Values => ({
  url: webhook?.url ?? '',
  description: webhook?.description ?? '',
  isAll: webhook === undefined || webhook.events === 'all',
  events: webhook === undefined || webhook.events === 'all' ? [] : webhook.events,
  enabled: webhook?.enabled ?? true,
});

const toBody = ({ isAll, events, ...rest }: Values): unknown => ({ ...rest, events: isAll ? 'all' : events });

type Props = {
  webhook?: Webhook;
  send: (body: WebhookInput) => Promise<unknown>;
  onCancel: () => void;
};

export function WebhookForm({ webhook, send, onCancel }: Props) {
  const kind = useMay('provider.admin') ? 'provider' : 'company';
  const form = useForm({ initial: initialOf(webhook), schema: WebhookInput, toBody });
  const { values } = form;
  return (
    <form noValidate onSubmit={form.submit(async (body) => send(WebhookInput.parse(body)))}>
      <Stack>
        <TextInput
          {...form.text('url')}
          label={t('form.url')}
          description={t('form.url.hint')}
          type="url"
          required
          data-autofocus
        />
        <TextInput {...form.text('description')} label={t('form.description')} maxLength={200} />
        <Checkbox {...form.checkbox('isAll')} label={t('form.all')} />
        {!values.isAll && (
          <MultiSelect
            label={t('form.events')}
            description={t('form.events.hint')}
            data={typesFor(kind)}
            value={[...values.events]}
            onChange={(events) => form.set({ events: events as EventType[] })}
            searchable
            {...(form.errors.events === undefined ? {} : { error: form.errors.events })}
          />
        )}
        <Switch {...form.checkbox('enabled')} label={t('form.enabled')} />
        <FormFoot form={form} act={t(webhook === undefined ? 'form.add' : 'form.save')} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
