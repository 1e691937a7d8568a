/** What a connector is: its name and queue, how messages prove themselves, what becomes what. */
import { Alert, Grid, Group, PasswordInput, Select, Stack, Switch, TextInput, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type * as z from 'zod';
import { ConnectorInput } from '../../../../shared/connector/connector.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { NumberInput } from '../../ui/number-input.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { type Form, useForm } from '../../ui/use-form.ts';
import { useQueueList } from '../market-parts/queues.tsx';
import { MappingEditor } from './mapping-editor.tsx';
import { t } from './messages.en.ts';
import { Only } from './only.tsx';
import { Sample, useSample } from './sample.tsx';
import { configOf, SCHEMES_OF, type Values } from './values.ts';

type Sent = z.input<typeof ConnectorInput>;
type TheForm = Form<Values, Sent>;
/** Those with a place of their own in the form; what is wrong elsewhere is said at its end. */
const SHOWN = ['name', 'toleranceSeconds', 'signature.header', 'signature.prefix', 'signature.timestampHeader'];

type Props = {
  initial: Values;
  isNew: boolean;
  send: (config: Sent, secret: string) => Promise<unknown>;
  /** The buttons, given whether it is being sent. */
  children: (isSending: boolean) => ReactNode;
};

export function ConnectorForm({ initial, isNew, send, children }: Props) {
  const form = useForm({ initial, schema: ConnectorInput, toBody: configOf });
  const sample = useSample();
  const { values } = form;
  const isMapped = values.kind !== 'email';
  const others = Object.entries(form.errors).filter(([field]) => !SHOWN.includes(field));
  return (
    <form noValidate onSubmit={form.submit((config) => send(config, values.secret))}>
      <Stack gap="xl">
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Basics form={form} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Proof form={form} isNew={isNew} />
          </Grid.Col>
        </Grid>
        {isMapped && (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, lg: 7 }} order={{ base: 2, lg: 1 }}>
              <MappingEditor
                rows={values.mapping}
                paths={sample.paths}
                isKnown={values.kind === 'zendesk'}
                onChange={(mapping) => form.set({ mapping })}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5 }} order={{ base: 1, lg: 2 }}>
              <Sample of={sample} rows={values.mapping} showsResult={values.kind === 'webhook'} />
            </Grid.Col>
          </Grid>
        )}
        {values.kind === 'webhook' && (
          <Only rows={values.only} paths={sample.paths} onChange={(only) => form.set({ only })} />
        )}
        {others.length > 0 && (
          <Alert color="red" variant="default" title={t('other.errors')} role="alert">
            {others.map(([field, message]) => (
              <div key={field}>
                {field} {message}
              </div>
            ))}
          </Alert>
        )}
        <ProblemAlert error={form.problem} />
        <Group justify="flex-end">{children(form.isSending)}</Group>
      </Stack>
    </form>
  );
}

function Basics({ form }: { form: TheForm }) {
  const queues = useQueueList();
  return (
    <Stack>
      <TextInput
        {...form.text('name')}
        label={t('name')}
        description={t('name.hint')}
        maxLength={80}
        required
        data-autofocus
      />
      <Select
        {...form.value('queue')}
        label={t('queue')}
        description={t('queue.hint')}
        onChange={(value) => form.set({ queue: value ?? '' })}
        allowDeselect={false}
        data={[
          { value: '', label: t('queue.auto') },
          ...queues.map(({ id, serviceClass }) => ({ value: id, label: longName(serviceClass) })),
        ]}
      />
      <Switch {...form.checkbox('isOn')} label={t('isOn')} description={t('isOn.hint')} />
    </Stack>
  );
}

function Proof({ form, isNew }: { form: TheForm; isNew: boolean }) {
  const { kind, scheme } = form.values;
  const [isShown, setShown] = useState(false);
  return (
    <Stack>
      <Title order={2}>{t('proof.title')}</Title>
      {kind === 'zendesk' ? (
        <div>{t('scheme.zendesk')}</div>
      ) : (
        <Select
          {...form.value('scheme')}
          label={t('scheme')}
          onChange={(value) => form.set({ scheme: (value ?? scheme) as Values['scheme'] })}
          allowDeselect={false}
          data={SCHEMES_OF[kind].map((value) => ({ value, label: t(`scheme.${value}`) }))}
        />
      )}
      {kind !== 'zendesk' && scheme === 'hmac' && <HmacFields form={form} />}
      {(kind === 'zendesk' || scheme !== 'password') && (
        <NumberInput
          {...form.value('toleranceSeconds')}
          label={t('tolerance')}
          suffix={t('tolerance.unit')}
          min={30}
          max={3_600}
        />
      )}
      {isNew && (
        <PasswordInput
          {...form.text('secret')}
          label={t('secret')}
          description={t(kind === 'zendesk' ? 'secret.hint.zendesk' : 'secret.hint')}
          autoComplete="off"
          visible={isShown}
          onVisibilityChange={setShown}
        />
      )}
    </Stack>
  );
}

const SIGNS = ['body', 'timestamp.body', 'timestamp+body'] as const;

function HmacFields({ form }: { form: TheForm }) {
  const { encoding, signs } = form.values;
  const wrong = (field: string) => {
    const error = form.errors[`signature.${field}`];
    return error === undefined ? {} : { error };
  };
  return (
    <>
      <TextInput {...form.text('header')} {...wrong('header')} label={t('header')} />
      <Group grow align="flex-start">
        <Select
          label={t('encoding')}
          value={encoding}
          onChange={(value) => form.set({ encoding: (value ?? encoding) as Values['encoding'] })}
          allowDeselect={false}
          data={['hex', 'base64']}
        />
        <TextInput
          {...form.text('prefix')}
          {...wrong('prefix')}
          label={t('prefix')}
          placeholder={t('prefix.hint')}
          maxLength={40}
        />
      </Group>
      <Select
        label={t('signs')}
        value={signs}
        onChange={(value) => form.set({ signs: (value ?? signs) as Values['signs'] })}
        allowDeselect={false}
        data={SIGNS.map((value) => ({ value, label: t(`signs.${value}`) }))}
      />
      {signs !== 'body' && (
        <TextInput {...form.text('timestampHeader')} {...wrong('timestampHeader')} label={t('timestampHeader')} />
      )}
    </>
  );
}
