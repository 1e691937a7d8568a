/** A key as its program needs it, shown once, with a call to try it. */
import { Code, Text } from '@mantine/core';
import { useMay } from '../../auth/session.ts';
import { SecretDialog } from '../../ui/secret-dialog.tsx';
import { t } from './messages.en.ts';

export function KeySecret({ secret, onClose }: { secret: string | null | undefined; onClose: () => void }) {
  const provides = useMay('provider.admin');
  return (
    <SecretDialog
      title={t('secret.title')}
      text={t('secret.text')}
      repeated={t('secret.repeated')}
      secret={secret}
      onClose={onClose}
    >
      <div>
        <Text size="sm" fw={600} mb={4}>
          {t('secret.example')}
        </Text>
        <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {`curl -H "Authorization: Bearer $PARLEY_KEY" ${location.origin}${provides ? '/v1/leases' : '/v1/organisation'}`}
        </Code>
      </div>
    </SecretDialog>
  );
}
