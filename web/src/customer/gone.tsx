/** What stands in place of the request: a link that has ended, one that is none, nobody who answers, no connection. */
import { useMutation } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { askForNewLink } from './api.ts';
import { useText } from './language.ts';
import { Problem } from './problem.tsx';

export function Expired() {
  const t = useText();
  const renew = useMutation({ mutationFn: askForNewLink });
  return (
    <section className="card">
      <h1>{t('expired.title')}</h1>
      {renew.isSuccess ? (
        <div role="status">
          <p>{t('expired.sent')}</p>
          <p className="soft">{t('expired.again')}</p>
        </div>
      ) : (
        <>
          <p>{t('expired.text')}</p>
          <Problem error={renew.error} />
          <button type="button" className="main" disabled={renew.isPending} onClick={() => renew.mutate()}>
            {t('expired.renew')}
          </button>
        </>
      )}
    </section>
  );
}

export function Unknown() {
  const t = useText();
  return (
    <section className="card">
      <h1>{t('unknown.title')}</h1>
      <p>{t('unknown.text')}</p>
    </section>
  );
}

export function NoAnswer({ onRetry }: { onRetry: () => void }) {
  const t = useText();
  return (
    <section className="card" role="alert">
      <h1>{t('problem.title')}</h1>
      <p>{t('problem.noAnswer')}</p>
      <button type="button" onClick={onRetry}>
        {t('problem.retry')}
      </button>
    </section>
  );
}

const subscribe = (listener: () => void) => {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
};

export function Offline() {
  const t = useText();
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  if (isOnline) return null;
  return (
    <p className="notice" role="status">
      <strong>{t('offline.title')}.</strong> {t('offline.text')}
    </p>
  );
}
