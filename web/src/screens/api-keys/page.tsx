/** The keys of one's programs: made, given another secret, revoked. */
import { Checkbox, Code, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { ApiKey } from '../../../../shared/identity/identity.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { rolesText } from '../../messages/roles.en.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { durationText } from '../../ui/format.ts';
import link from '../../ui/go.module.css';
import { PageHeader } from '../../ui/page-header.tsx';
import { Empty, QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { When } from '../../ui/values.tsx';
import { KeySecret } from './key-secret.tsx';
import { useKind } from './kind.ts';
import { t } from './messages.en.ts';
import { NewKey } from './new-key.tsx';
import { Rotate } from './rotate.tsx';

const STATES = {
  live: { text: t('state.live'), tone: 'good' },
  sandbox: { text: t('state.sandbox'), tone: 'info' },
  revoked: { text: t('state.revoked'), tone: 'neutral' },
} as const;

const stateOf = ({ revokedAt, sandboxQueue }: ApiKey): keyof typeof STATES =>
  revokedAt !== null ? 'revoked' : sandboxQueue === null ? 'live' : 'sandbox';

export default function ApiKeys() {
  const [{ revoked }, set] = useUrlState({ revoked: '' });
  const [secret, setSecret] = useState<string | null>();
  const keys = useRead('/v1/api-keys');
  const kind = useKind();
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={
          <>
            {t('lead')}{' '}
            <a href="/docs" className={link.link}>
              {t('docs')}
            </a>
          </>
        }
        actions={<NewKey kind={kind} />}
      />
      <QueryState of={keys}>
        {({ items }) => {
          const gone = items.filter(({ revokedAt }) => revokedAt !== null);
          const shown = revoked === '' ? items.filter(({ revokedAt }) => revokedAt === null) : items;
          return (
            <>
              {shown.length === 0 ? (
                <Empty title={t('empty')} text={t('empty.text')} />
              ) : (
                <DataTable
                  caption={t('caption')}
                  columns={columnsWith(setSecret)}
                  rows={shown.toReversed()}
                  rowKey={({ keyId }) => keyId}
                />
              )}
              {gone.length > 0 && (
                <Checkbox
                  mt="md"
                  label={t('showRevoked', { count: gone.length })}
                  checked={revoked !== ''}
                  onChange={(event) => set({ revoked: event.currentTarget.checked ? 'yes' : '' })}
                />
              )}
            </>
          );
        }}
      </QueryState>
      <KeySecret secret={secret} onClose={() => setSecret(undefined)} />
    </>
  );
}

const columnsWith = (onSecret: (secret: string | null) => void): readonly Column<ApiKey>[] => [
  {
    key: 'name',
    header: t('column.name'),
    cell: ({ name, keyId }) => (
      <>
        {name}{' '}
        <Text size="xs" c="dimmed" component="div">
          {keyId}
        </Text>
      </>
    ),
  },
  { key: 'roles', header: t('column.roles'), cell: ({ roles }) => rolesText(roles) },
  { key: 'scopes', header: t('column.scopes'), cell: ({ scopes }) => <Scopes of={scopes} /> },
  { key: 'state', header: t('column.state'), cell: (key) => <State of={key} /> },
  { key: 'made', header: t('column.made'), cell: ({ createdAt }) => <When iso={createdAt} show="date" /> },
  {
    key: 'do',
    header: t('column.do'),
    isNumber: true,
    cell: (key) =>
      key.revokedAt === null && (
        <Group gap={6} justify="flex-end">
          <Rotate of={key} onSecret={onSecret} />
          <Revoke of={key} />
        </Group>
      ),
  },
];

function Scopes({ of }: { of: ApiKey['scopes'] }) {
  if (of === 'all') return t('scopes.all');
  return (
    <Group gap={4}>
      {of.map((scope) => (
        <Code key={scope}>{scope}</Code>
      ))}
    </Group>
  );
}

/** The end of an old secret is in the machine's time, as the key's check is. */
function State({ of }: { of: ApiKey }) {
  const { revokedAt, rotatedAt, oldSecretUntil } = of;
  const oldLeftMs = oldSecretUntil === null ? 0 : Date.parse(oldSecretUntil) - Date.now();
  const isOldGood = oldSecretUntil !== null && oldLeftMs > 0;
  return (
    <>
      <StatusBadge state={stateOf(of)} states={STATES} />
      <Text size="xs" c="dimmed" component="div" mt={2}>
        {revokedAt !== null && (
          <>
            {t('state.since')} <When iso={revokedAt} show="date" />
          </>
        )}
        {revokedAt === null && isOldGood && (
          <span title={oldSecretUntil}>{t('old.left', { left: durationText(oldLeftMs) })}</span>
        )}
        {revokedAt === null && !isOldGood && rotatedAt !== null && (
          <>
            {t('rotated')} <When iso={rotatedAt} show="date" />
          </>
        )}
      </Text>
    </>
  );
}

function Revoke({ of }: { of: ApiKey }) {
  const revoke = useAct('delete', '/v1/api-keys/{keyId}');
  return (
    <ConfirmButton
      label={t('revoke')}
      size="compact-xs"
      variant="default"
      title={t('revoke.title', { name: of.name })}
      consequence={t('revoke.text')}
      act={() => revoke.mutateAsync({ path: { keyId: of.keyId } })}
      done={t('revoked')}
    />
  );
}
