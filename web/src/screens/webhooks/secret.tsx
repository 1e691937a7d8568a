/** The signing secret of an endpoint, shown once. */
import { SecretDialog } from '../../ui/secret-dialog.tsx';
import { t } from './messages.en.ts';

export function WebhookSecret({ secret, onClose }: { secret: string | null | undefined; onClose: () => void }) {
  return (
    <SecretDialog
      title={t('secret.title')}
      text={t('secret.text')}
      repeated={t('secret.repeated')}
      secret={secret}
      onClose={onClose}
    />
  );
}
