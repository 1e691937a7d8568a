/** The search for pages. */
import '@mantine/spotlight/styles.layer.css';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { useEffect } from 'react';
import { useSession } from '../auth/session.ts';
import { t } from '../messages/en.ts';
import { useConfig } from './config.ts';
import { useGo } from './navigate.ts';
import { screensFor } from './navigation.tsx';
import { titleOf } from './screen.ts';

export default function Search({ asked }: { asked: number }) {
  const session = useSession();
  const config = useConfig();
  const go = useGo();
  useEffect(() => {
    if (asked > 0) spotlight.open();
  }, [asked]);
  const mine = screensFor(
    session.status === 'in' ? session.roles : [],
    session.status === 'in',
    config?.isLocal ?? false,
  );
  return (
    <Spotlight
      shortcut={null}
      nothingFound={t('app.search.none')}
      highlightQuery
      searchProps={{ placeholder: t('app.search'), 'aria-label': t('app.search') }}
      actions={mine.map((screen) => {
        const Icon = screen.nav!.icon;
        return {
          id: screen.path,
          label: titleOf(screen),
          description: t(`section.${screen.nav!.section}`),
          leftSection: <Icon size={18} stroke={1.6} />,
          onClick: () => go(screen.path),
        };
      })}
    />
  );
}
