/** The head of pages that stand without navigation. */
import { Anchor } from '@mantine/core';
import { SchemeToggle } from '../../app/scheme-toggle.tsx';
import { signInPath } from '../../auth/return-path.ts';
import { useSession } from '../../auth/session.ts';
import { t as common } from '../../messages/en.ts';
import { Go } from '../../ui/go.tsx';
import { t } from './messages.en.ts';
import classes from './welcome.module.css';

export function Top() {
  const session = useSession();
  return (
    <header className={classes.top}>
      <span className={classes.brand}>
        <img src="/icon.svg" alt="" width={26} height={26} />
        {common('app.name')}
      </span>
      <nav aria-label={common('app.name')}>
        <Go href="/">{t('market')}</Go>
        <Anchor href="/docs" underline="always">
          {t('api')}
        </Anchor>
        {session.status === 'out' && <Go href={signInPath('/')}>{t('signIn')}</Go>}
        <SchemeToggle />
      </nav>
    </header>
  );
}
