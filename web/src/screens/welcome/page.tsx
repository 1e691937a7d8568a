/** The front door: what Parley is, in one screen, and what it would have saved, from last year's tickets. */
import { Button } from '@mantine/core';
import { useRef } from 'react';
import { usePages } from '../../api/use-api.ts';
import { useSession } from '../../auth/session.ts';
import { LinkButton } from '../../ui/link-button.tsx';
import { useTitle } from '../../ui/page-header.tsx';
import { Totals } from '../market/totals.tsx';
import { Doors } from './doors.tsx';
import { How } from './how.tsx';
import { t } from './messages.en.ts';
import { Savings } from './savings.tsx';
import { Top } from './top.tsx';
import classes from './welcome.module.css';

export default function Welcome() {
  const queues = usePages('/v1/queues', { query: { limit: 100 } });
  const session = useSession();
  const count = useRef<HTMLElement>(null);
  useTitle(t('title'));
  return (
    <div className={classes.page}>
      <Top />
      <div className={classes.hero}>
        <h1>{t('title')}</h1>
        <p>{t('lead')}</p>
        <div className={classes.acts}>
          <Button
            onClick={() => {
              count.current?.scrollIntoView();
              count.current?.focus({ preventScroll: true });
            }}
          >
            {t('cta.count')}
          </Button>
          {session.status !== 'in' && (
            <LinkButton href="/register" variant="default">
              {t('cta.register')}
            </LinkButton>
          )}
        </div>
      </div>
      <How />
      {queues.items.length > 0 && (
        <section className={classes.section}>
          <h2>{t('now.title')}</h2>
          <Totals queues={queues.items} />
        </section>
      )}
      <section className={classes.section} ref={count} tabIndex={-1} aria-labelledby="count">
        <h2 id="count">{t('count.title')}</h2>
        <p>{t('count.lead')}</p>
        <Savings queues={queues.items} />
      </section>
      <Doors />
    </div>
  );
}
