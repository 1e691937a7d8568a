/** The way to the hosted pages. */
import { Button, Text } from '@mantine/core';
import type { WebConfig } from '../../../../shared/api/web-config.ts';
import { authorizeUrl, newPending, PENDING } from '../../auth/oidc.ts';
import { t } from './messages.en.ts';

type Oidc = Extract<WebConfig['signIn'], { kind: 'oidc' }>;

export function HostedSignIn({ oidc, to }: { oidc: Oidc; to: string }) {
  const leave = async () => {
    const pending = newPending(to);
    sessionStorage.setItem(PENDING, JSON.stringify(pending));
    location.assign(await authorizeUrl(oidc, pending));
  };
  return (
    <>
      <Text>{t('hosted')}</Text>
      <Button onClick={() => void leave()}>{t('hosted.go')}</Button>
    </>
  );
}
