/** For whom one acts, the others one could act for, and the way out. */
import { Button, Menu, Text } from '@mantine/core';
import { IconBuilding, IconCheck, IconLogout } from '@tabler/icons-react';
import { chooseOrganisation, type Membership, type SignedIn, signOut } from '../auth/session.ts';
import { t } from '../messages/en.ts';
import { rolesText } from '../messages/roles.en.ts';
import { useOrganisationName } from './organisation.ts';

export function AccountMenu({ session }: { session: SignedIn }) {
  const name = useOrganisationName(session.organisation);
  const shown = session.organisation === null ? session.email : name;
  return (
    <Menu position="bottom-end" width={280} shadow="md">
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          maw={220}
          px="xs"
          aria-label={
            session.organisation === null ? t('app.account', { email: session.email }) : t('app.organisation', { name })
          }
        >
          <IconBuilding size={16} stroke={1.6} />
          <Text span truncate size="sm" ml={6} visibleFrom="xs">
            {shown}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.email}</Menu.Label>
        {session.memberships.map((membership) => (
          <Choice key={membership.organisation} membership={membership} chosen={session.organisation} />
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t('app.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Choice({ membership, chosen }: { membership: Membership; chosen: string | null }) {
  const { organisation, roles } = membership;
  const name = useOrganisationName(organisation);
  const isChosen = organisation === chosen;
  return (
    <Menu.Item
      onClick={() => chooseOrganisation(organisation)}
      leftSection={<IconCheck size={16} opacity={isChosen ? 1 : 0} />}
      {...(isChosen ? { 'aria-current': true } : {})}
    >
      <Text size="sm">{name}</Text>
      <Text size="xs" c="dimmed">
        {rolesText(roles)}
      </Text>
    </Menu.Item>
  );
}
