/** Who is invited and has not come yet. */
import { Paper, Text, Title } from '@mantine/core';
import type { OpenInvitation } from '../../../../shared/organisation/organisation.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { rolesText } from '../../messages/roles.en.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { PersonName } from '../../ui/names.tsx';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const columns: readonly Column<OpenInvitation>[] = [
  { key: 'person', header: t('column.person'), cell: ({ email }) => email },
  { key: 'roles', header: t('column.roles'), cell: ({ roles }) => rolesText(roles) },
  { key: 'by', header: t('column.by'), cell: ({ invitedBy }) => <PersonName id={invitedBy} /> },
  { key: 'until', header: t('column.until'), cell: ({ expiresAt }) => <When iso={expiresAt} /> },
  { key: 'do', header: t('column.do'), isNumber: true, cell: (invitation) => <Withdraw of={invitation} /> },
];

export function OpenInvitations() {
  const invitations = useRead('/v1/open-invitations');
  return (
    <section>
      <Title order={2} mb="sm">
        {t('open.title')}
      </Title>
      <QueryState of={invitations}>
        {({ items }) =>
          items.length === 0 ? (
            <Paper p="md">
              <Text c="dimmed">{t('open.none')}</Text>
            </Paper>
          ) : (
            <DataTable caption={t('open.caption')} columns={columns} rows={items} rowKey={({ id }) => id} />
          )
        }
      </QueryState>
    </section>
  );
}

function Withdraw({ of: { id, email } }: { of: OpenInvitation }) {
  const withdraw = useAct('delete', '/v1/open-invitations/{invitation}');
  return (
    <ConfirmButton
      label={t('withdraw')}
      size="compact-xs"
      variant="default"
      title={t('withdraw.title', { email })}
      consequence={t('withdraw.text')}
      act={() => withdraw.mutateAsync({ path: { invitation: id } })}
      done={t('withdrawn')}
    />
  );
}
