/** Connects a system: which kind it is, then how it works. */
import { Button, Group, Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ConnectorView } from '../../../../shared/connector/connector.ts';
import { useAct } from '../../api/use-api.ts';
import { useGo, useUrlState } from '../../app/navigate.ts';
import { t as common } from '../../messages/en.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ConnectorForm } from '../connectors/connector-form.tsx';
import { t } from '../connectors/messages.en.ts';
import { ConnectorSecret } from '../connectors/secret.tsx';
import { emptyOf, KINDS, type Kind } from '../connectors/values.ts';
import classes from './kinds.module.css';

type Made = { connector: ConnectorView; secret: string | null };

export default function NewConnector() {
  const go = useGo();
  const [{ kind: chosen }, set] = useUrlState({ kind: 'webhook' });
  const kind = KINDS.find((one) => one === chosen) ?? 'webhook';
  const [made, setMade] = useState<Made | null>(null);
  const create = useAct('post', '/v1/connectors');
  return (
    <>
      <PageHeader title={t('new.title')} lead={t('lead')} back={{ href: '/connectors', title: t('back') }} />
      <Stack gap="xl">
        <KindChoice kind={kind} onChange={(one) => set({ kind: one })} />
        <ConnectorForm
          key={kind}
          initial={emptyOf(kind)}
          isNew
          send={async (config, secret) => {
            const body = { config, ...(secret.trim() === '' ? {} : { secret: secret.trim() }) };
            setMade(await create.mutateAsync({ body }));
          }}
        >
          {(isSending) => (
            <>
              <LinkButton variant="default" href="/connectors">
                {common('confirm.cancel')}
              </LinkButton>
              <Button type="submit" loading={isSending}>
                {t('make')}
              </Button>
            </>
          )}
        </ConnectorForm>
      </Stack>
      {made !== null && (
        <ConnectorSecret
          address={made.connector.address}
          secret={made.secret}
          onClose={() => go(`/connectors/${made.connector.id}`)}
        />
      )}
    </>
  );
}

function KindChoice({ kind, onChange }: { kind: Kind; onChange: (kind: Kind) => void }) {
  return (
    <Radio.Group label={t('new.kind')} value={kind} onChange={(value) => onChange(value as Kind)}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} mt={6}>
        {KINDS.map((one) => (
          <Radio.Card key={one} value={one} p="md" radius="md" className={classes.card}>
            <Group justify="space-between" wrap="nowrap">
              <Text fw={600}>{t(`kind.${one}`)}</Text>
              <Radio.Indicator />
            </Group>
            <Text size="sm" c="dimmed">
              {t(`kind.${one}.text`)}
            </Text>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}
