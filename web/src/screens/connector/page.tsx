/** One connector: its address and secret, what it refused, a try, how it works. */
import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { ConnectorInput, type ConnectorView } from '../../../../shared/connector/connector.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useGo, usePathParam } from '../../app/navigate.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { durationText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayDone, sayFailed } from '../../ui/toast.tsx';
import { When } from '../../ui/values.tsx';
import { ConnectorForm } from '../connectors/connector-form.tsx';
import { t as list } from '../connectors/messages.en.ts';
import { Address, ConnectorSecret } from '../connectors/secret.tsx';
import { CONNECTOR_STATES, connectorState } from '../connectors/state.ts';
import { valuesOf } from '../connectors/values.ts';
import { ConnectorErrors } from './errors.tsx';
import { t } from './messages.en.ts';
import { RotateSecret } from './rotate-secret.tsx';
import { TestMessage } from './test-message.tsx';

const LIST = { href: '/connectors', title: t('back') };

export default function ConnectorPage() {
  const id = usePathParam('connector');
  const connector = useRead('/v1/connectors/{connector}', { path: { connector: id } });
  return (
    <QueryState of={connector} isPage back={LIST}>
      {(found) => <Whole connector={found} />}
    </QueryState>
  );
}

function Whole({ connector }: { connector: ConnectorView }) {
  const [secret, setSecret] = useState<string | null>();
  const { id, config, address } = connector;
  return (
    <>
      <PageHeader
        title={config.name}
        lead={list(`kind.${config.kind}`)}
        back={LIST}
        status={<StatusBadge state={connectorState(connector)} states={CONNECTOR_STATES} />}
        actions={
          <>
            <Remove id={id} name={config.name} />
            <RotateSecret connector={connector} onSecret={setSecret} />
            <Pause id={id} config={config} />
          </>
        }
      />
      <Stack gap="xl">
        <Facts connector={connector} />
        <ConnectorErrors connector={id} />
        <TestMessage connector={id} kind={config.kind} />
        <Settings connector={connector} />
      </Stack>
      <ConnectorSecret address={address} secret={secret} onClose={() => setSecret(undefined)} />
    </>
  );
}

function Facts({ connector: { address, oldSecretUntil, lastRefused } }: { connector: ConnectorView }) {
  return (
    <Paper p="md">
      <Title order={2} mb={4}>
        {t('fact.address')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('fact.address.hint')}
      </Text>
      <Address address={address} />
      {oldSecretUntil !== null && (
        <Text size="sm" mt="sm" component="div">
          <span title={oldSecretUntil}>
            {t('fact.old', { left: durationText(Date.parse(oldSecretUntil) - Date.now()) })}
          </span>
        </Text>
      )}
      {lastRefused !== null && (
        <Text size="sm" mt="sm" component="div">
          {t('fact.refused')}: <When iso={lastRefused.at} show="absolute" />. {lastRefused.why}
        </Text>
      )}
    </Paper>
  );
}

type Config = ConnectorView['config'];

function Pause({ id, config }: { id: string; config: Config }) {
  const put = useAct('put', '/v1/connectors/{connector}');
  const turn = (isOn: boolean) => put.mutateAsync({ path: { connector: id }, body: { ...config, isOn } });
  if (!config.isOn)
    return (
      <Button
        loading={put.isPending}
        onClick={() => {
          turn(true)
            .then(() => sayDone(t('resumed')))
            .catch((error: unknown) => sayFailed(t('resume'), error));
        }}
      >
        {t('resume')}
      </Button>
    );
  return (
    <ConfirmButton
      label={t('pause')}
      variant="default"
      title={t('pause.title', { name: config.name })}
      consequence={t('pause.text')}
      act={() => turn(false)}
      done={t('paused')}
    />
  );
}

function Remove({ id, name }: { id: string; name: string }) {
  const go = useGo();
  const remove = useAct('delete', '/v1/connectors/{connector}');
  return (
    <ConfirmButton
      label={t('remove')}
      variant="default"
      title={t('remove.title', { name })}
      consequence={t('remove.text')}
      act={async () => {
        await remove.mutateAsync({ path: { connector: id } });
        sayDone(t('removed'));
        go('/connectors');
      }}
    />
  );
}

function Settings({ connector: { id, config, changedAt } }: { connector: ConnectorView }) {
  const put = useAct('put', '/v1/connectors/{connector}');
  return (
    <section>
      <Title order={2} mb="sm">
        {t('settings.title')}
      </Title>
      <ConnectorForm
        key={changedAt}
        initial={valuesOf(config)}
        isNew={false}
        send={async (body) => {
          await put.mutateAsync({ path: { connector: id }, body: ConnectorInput.parse(body) });
          sayDone(t('saved'));
        }}
      >
        {(isSending) => (
          <Button type="submit" loading={isSending}>
            {t('save')}
          </Button>
        )}
      </ConnectorForm>
    </section>
  );
}
