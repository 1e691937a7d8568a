/** The people of one's organisation. */
import { useRead } from '../../api/use-api.ts';
import { rolesText } from '../../messages/roles.en.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

export default function Team() {
  const members = useRead('/v1/members');
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <QueryState of={members}>
        {({ items }) => (
          <DataTable
            caption={t('caption')}
            rows={items}
            rowKey={({ user }) => user}
            columns={[
              { key: 'person', header: t('column.person'), cell: ({ email, user }) => email ?? user },
              { key: 'roles', header: t('column.roles'), cell: ({ roles }) => rolesText(roles) },
              {
                key: 'joined',
                header: t('column.joined'),
                isNumber: true,
                cell: ({ joinedAt }) => <When iso={joinedAt} show="date" />,
              },
            ]}
          />
        )}
      </QueryState>
    </>
  );
}
