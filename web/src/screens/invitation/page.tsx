/** The page of an invitation's link: for whom, to what, and to accept it. */
import { Button, Container, Group, Stack, Text } from '@mantine/core';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import type { DataOf } from '../../api/types.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useGo, usePathParam } from '../../app/navigate.ts';
import { signInPath } from '../../auth/return-path.ts';
import { chooseOrganisation, reloadMemberships, signOut, useSession } from '../../auth/session.ts';
import { rolesText } from '../../messages/roles.en.ts';
import { absoluteText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { QueryState } from '../../ui/states.tsx';
import { Top } from '../welcome/top.tsx';
import { t } from './messages.en.ts';

const PATH = '/v1/invitations/{token}';
const GONE = ['invitation_expired', 'not_found', 'invalid_request'];

export default function Invitation() {
  const token = usePathParam('token');
  const invitation = useRead(PATH, { path: { token } });
  const code = invitation.error instanceof ParleyProblem ? invitation.error.code : null;
  return (
    <Container size={560} px={0}>
      <Top />
      {code !== null && GONE.includes(code) ? (
        <Gone code={code} />
      ) : (
        <QueryState of={invitation} isPage>
          {(data) => <Join token={token} invitation={data} />}
        </QueryState>
      )}
    </Container>
  );
}

function Gone({ code }: { code: string }) {
  return (
    <>
      <PageHeader title={t('title.gone')} />
      <Text mb="md">{t(code === 'invitation_expired' ? 'gone.invitation_expired' : 'gone.not_found')}</Text>
      <Go href="/">{t('market')}</Go>
    </>
  );
}

function Join({ token, invitation }: { token: string; invitation: DataOf<'get', typeof PATH> }) {
  const { organisationName: name, roles, email, expiresAt } = invitation;
  return (
    <>
      <PageHeader title={t('title', { name })} lead={t('lead', { name, roles: rolesText(roles) })} />
      <Stack>
        <Accept token={token} invited={email} />
        <Text size="sm" c="dimmed">
          {t('until', { time: absoluteText(Date.parse(expiresAt)) })}
        </Text>
      </Stack>
    </>
  );
}

function Accept({ token, invited }: { token: string; invited: string }) {
  const session = useSession();
  const accept = useAct('post', '/v1/invitations/{token}/accept');
  const go = useGo();
  const here = `/invitations/${token}`;
  if (session.status === 'starting') return null;
  if (session.status === 'out')
    return (
      <>
        <Text>{t('as.out', { email: invited })}</Text>
        <Group>
          <LinkButton href={signInPath(here)}>{t('signIn')}</LinkButton>
        </Group>
      </>
    );
  if (session.email.toLowerCase() !== invited.toLowerCase())
    return (
      <>
        <Text>{t('as.other', { email: session.email, invited })}</Text>
        <Group>
          <Button variant="default" onClick={() => void signOut().then(() => go(signInPath(here)))}>
            {t('switch')}
          </Button>
        </Group>
      </>
    );
  const join = async () => {
    try {
      const { organisation } = await accept.mutateAsync({ path: { token } });
      await reloadMemberships();
      chooseOrganisation(organisation);
      go('/');
    } catch {
      // Shown below.
    }
  };
  return (
    <>
      <ProblemAlert error={accept.error} />
      <Group>
        <Button loading={accept.isPending} onClick={() => void join()}>
          {t('accept')}
        </Button>
      </Group>
    </>
  );
}
