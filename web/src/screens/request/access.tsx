/** Who looked at a request, at what and when. */
import { Title } from '@mantine/core';
import type { AccessView } from '../../../../shared/thread/access.ts';
import { useRead } from '../../api/use-api.ts';
import { type Column, ReadTable } from '../../ui/data-table.tsx';
import { OrganisationName, PersonName } from '../../ui/names.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const columns: readonly Column<AccessView>[] = [
  { key: 'who', header: t('access.who'), cell: (access) => <Who access={access} /> },
  { key: 'what', header: t('access.what'), cell: ({ what }) => t(`access.what.${what}`) },
  { key: 'when', header: t('access.when'), isNumber: true, cell: ({ at }) => <When iso={at} show="absolute" /> },
];

function Who({ access: { who, organisation, user } }: { access: AccessView }) {
  const role = t(`access.role.${who}`);
  if (who === 'company' && user !== null)
    return (
      <>
        <PersonName id={user} /> ({role})
      </>
    );
  return (
    <>
      <OrganisationName id={organisation} /> ({role})
    </>
  );
}

export function AccessLog({ request }: { request: string }) {
  const log = useRead('/v1/requests/{request}/access', { path: { request } });
  return (
    <section>
      <Title order={2} mb="sm">
        {t('access.title')}
      </Title>
      <ReadTable
        caption={t('access.caption')}
        columns={columns}
        of={log}
        rowKey={({ at, who, organisation, user, what, attachment }) =>
          `${at} ${who} ${organisation} ${user} ${what} ${attachment}`
        }
        empty={{ title: t('access.none'), text: t('access.none.text') }}
      />
    </section>
  );
}
