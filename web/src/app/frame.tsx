/** What stands around every screen: header, navigation by role, the main part; bare for sign-in and front door. */
import { AppShell, Burger, Button, Group, Text } from '@mantine/core';
import { useDisclosure, useNetwork } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useMatches } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { signInPath } from '../auth/return-path.ts';
import { useSession } from '../auth/session.ts';
import { t } from '../messages/en.ts';
import { Go } from '../ui/go.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ClockMenu } from './clock-menu.tsx';
import { useConfig } from './config.ts';
import classes from './frame.module.css';
import { useAddress } from './navigate.ts';
import { Navigation } from './navigation.tsx';
import { PrintHead } from './print-head.tsx';
import { SchemeToggle } from './scheme-toggle.tsx';
import { type Screen, screenOf } from './screen.ts';
import { SearchButton } from './search-button.tsx';
import { useWalk } from './tour.ts';

const TourBar = lazy(() => import('../screens/tour/bar.tsx'));

/** The screen that is shown; undefined where the address leads nowhere. */
function useScreen(): Screen | undefined {
  return useMatches({
    select: (matches) => screenOf(matches),
  });
}

export function Frame() {
  const screen = useScreen();
  useForgetOthers();
  return screen?.isBare === true ? (
    <main className={classes.bare} id="main">
      <Outlet />
    </main>
  ) : (
    <Shell />
  );
}

/** What was read for one organisation is nothing another one should see, not even for a moment. */
function useForgetOthers(): void {
  const session = useSession();
  const queries = useQueryClient();
  const acting = session.status === 'in' ? `${session.user} ${session.organisation}` : session.status;
  const before = useRef(acting);
  useEffect(() => {
    if (before.current !== acting && before.current !== 'starting') void queries.resetQueries();
    before.current = acting;
  }, [acting, queries]);
}

function Shell() {
  const session = useSession();
  const config = useConfig();
  const [isOpen, menu] = useDisclosure(false);
  const { online } = useNetwork();
  const walk = useWalk();
  const acting = session.status === 'in' ? (session.organisation ?? '') : session.status;
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 232, breakpoint: 'md', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', md: 'xl' }}
      withBorder
    >
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px={{ base: 'xs', sm: 'md' }} gap="xs" wrap="nowrap" justify="space-between">
          <Group gap={6} wrap="nowrap">
            <Burger opened={isOpen} onClick={menu.toggle} hiddenFrom="md" size="sm" aria-label={t('app.menu')} />
            <Go href="/" className={classes.brand} aria-label={t('app.name')}>
              <img src="/icon.svg" alt="" width={22} height={22} />
              <Text span fw={650} size="lg" visibleFrom="xs">
                {t('app.name')}
              </Text>
            </Go>
            <SearchButton />
          </Group>
          <Group gap={6} wrap="nowrap">
            {config?.isLocal === true && <ClockMenu />}
            <SchemeToggle />
            <Who />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={classes.navbar}>
        <Navigation onGo={menu.close} isLocal={config?.isLocal ?? false} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        {!online && (
          <Text role="status" className={classes.notice}>
            {t('app.offline')}
          </Text>
        )}
        <div className={classes.content} key={acting}>
          <PrintHead />
          <Outlet />
        </div>
        {walk !== null && (
          <Suspense fallback={null}>
            <TourBar walk={walk} />
          </Suspense>
        )}
      </AppShell.Main>
    </AppShell>
  );
}

function Who() {
  const session = useSession();
  const address = useAddress();
  if (session.status === 'in') return <AccountMenu session={session} />;
  if (session.status === 'starting') return null;
  return (
    <Button component="a" href={signInPath(address)} size="xs">
      {t('app.signIn')}
    </Button>
  );
}
