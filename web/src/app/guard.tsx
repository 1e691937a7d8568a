/** Shows a screen to whom it is for: else the sign-in, which leads back here, or why it is not theirs. */
import { Button, Group, Text } from '@mantine/core';
import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import type { Role } from '../../../shared/identity/identity.ts';
import { signInPath } from '../auth/return-path.ts';
import { chooseOrganisation, type SignedIn, useSession } from '../auth/session.ts';
import { t } from '../messages/en.ts';
import { rolesText } from '../messages/roles.en.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { PageSkeleton } from '../ui/states.tsx';
import { useGo, useHref } from './navigate.ts';
import { useOrganisationName } from './organisation.ts';
import { isFor, type Screen } from './screen.ts';

const loaded = new Map<Screen, ComponentType>();

function componentOf(screen: Screen): ComponentType {
  const known = loaded.get(screen);
  if (known !== undefined) return known;
  const made = lazy(screen.load);
  loaded.set(screen, made);
  return made;
}

/** Loads a screen's code, so that it can be shown at once. Never fails: what cannot be loaded says so where it is shown. */
export async function preload(screen: Screen): Promise<void> {
  const page = await screen.load().catch(() => undefined);
  if (page !== undefined) loaded.set(screen, page.default);
}

export function Guard({ screen }: { screen: Screen }) {
  const session = useSession();
  if (screen.who !== 'everybody' && session.status === 'starting') return <PageSkeleton />;
  if (screen.who !== 'everybody' && session.status === 'out') return <ToSignIn />;
  if (session.status === 'in' && !isFor(screen, session.roles, true))
    return <NotYours screen={screen} session={session} />;
  const Page = componentOf(screen);
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Page />
    </Suspense>
  );
}

function ToSignIn() {
  const go = useGo();
  const href = useHref();
  useEffect(() => go(signInPath(href), { replace: true }), [go, href]);
  return <PageSkeleton />;
}

function NotYours({ screen, session }: { screen: Screen; session: SignedIn }) {
  const wanted = screen.who as readonly Role[];
  const others = session.memberships.filter(
    ({ organisation, roles }) => organisation !== session.organisation && isFor(screen, roles, true),
  );
  const text = { roles: rolesText(wanted), mine: session.roles.length === 0 ? '–' : rolesText(session.roles) };
  return (
    <>
      <PageHeader title={t('state.forbidden')} />
      <Text maw={600}>{t('state.forbidden.text', text)}</Text>
      <Text maw={600} mt="xs">
        {t('state.forbidden.ask')}
      </Text>
      <Group mt="md">
        {others.map(({ organisation }) => (
          <SwitchTo key={organisation} organisation={organisation} />
        ))}
      </Group>
    </>
  );
}

function SwitchTo({ organisation }: { organisation: string }) {
  const name = useOrganisationName(organisation);
  return (
    <Button variant="default" onClick={() => chooseOrganisation(organisation)}>
      {t('state.forbidden.other', { name })}
    </Button>
  );
}
