/** Back from the hosted pages: the code becomes a session, once. */
import { Container, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useGo } from '../../app/navigate.ts';
import { exchange, PENDING, type Pending, readReturn } from '../../auth/oidc.ts';
import { returnPath } from '../../auth/return-path.ts';
import { enter } from '../../auth/session.ts';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { t } from './messages.en.ts';

function takePending(): Pending | undefined {
  const kept = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  return kept === null ? undefined : (JSON.parse(kept) as Pending);
}

/** React may mount a page twice; a code is good for one exchange. */
let running: Promise<string> | undefined;

async function finish(search: string): Promise<string> {
  const returned = readReturn(search, takePending());
  if (!returned.ok) throw new Error(returned.why);
  await enter(await exchange(returned.code, returned.verifier));
  return returnPath(returned.to);
}

export default function SignInReturn() {
  const go = useGo();
  const [failed, setFailed] = useState<string | null>(null);
  useEffect(() => {
    running ??= finish(location.search).finally(() => {
      running = undefined;
    });
    running.then(
      (to) => go(to, { replace: true }),
      (error: unknown) => setFailed(error instanceof Error ? error.message : String(error)),
    );
  }, [go]);
  return (
    <Container size={560} px={0}>
      <PageHeader title={failed === null ? t('returning') : t('failed')} />
      {failed !== null && (
        <>
          <Text role="alert">{failed}</Text>
          <Text mt="sm">
            <Go href="/sign-in">{t('again')}</Go>
          </Text>
        </>
      )}
    </Container>
  );
}
