/** The people of one's organisation: what each may do, who is invited. */
import { Group, Stack, Text } from '@mantine/core';
import type { OrganisationMember } from '../../../../shared/organisation/organisation.ts';
import { useRead } from '../../api/use-api.ts';
import { useSignedIn } from '../../auth/session.ts';
import { rolesText } from '../../messages/roles.en.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { useKind } from '../api-keys/kind.ts';
import { ChangeRoles, Remove } from './change.tsx';
import { Invite } from './invite.tsx';
import { t } from './messages.en.ts';
import { OpenInvitations } from './open-invitations.tsx';

export default function Team() {
  const members = useRead('/v1/members');
  const { user } = useSignedIn();
  const kind = useKind();
  const columns: readonly Column<OrganisationMember>[] = [
    {
      key: 'person',
      header: t('column.person'),
      cell: (member) => (
        <span>
          {member.email ?? member.user}
          {member.user === user && (
            <Text span inherit c="dimmed">
              {' '}
              ({t('you')})
            </Text>
          )}
        </span>
      ),
    },
    { key: 'roles', header: t('column.roles'), cell: ({ roles }) => rolesText(roles) },
    { key: 'joined', header: t('column.joined'), cell: ({ joinedAt }) => <When iso={joinedAt} show="date" /> },
    {
      key: 'do',
      header: t('column.do'),
      isNumber: true,
      cell: (member) => (
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <ChangeRoles of={member} kind={kind} />
          <Remove of={member} isSelf={member.user === user} />
        </Group>
      ),
    },
  ];
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} actions={<Invite kind={kind} />} />
      <Stack gap="xl">
        <QueryState of={members}>
          {({ items }) => (
            <DataTable caption={t('caption')} rows={items} rowKey={(member) => member.user} columns={columns} />
          )}
        </QueryState>
        <OpenInvitations />
      </Stack>
    </>
  );
}
