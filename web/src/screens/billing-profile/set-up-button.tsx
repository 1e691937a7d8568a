/** Opens the page at Stripe on which a payment method is set up. */
import { IconExternalLink } from '@tabler/icons-react';
import { useAct } from '../../api/use-api.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { t } from './messages.en.ts';

export function SetUpButton({ label }: { label: string }) {
  const setUp = useAct('post', '/v1/billing-profile/checkout');
  return (
    <ActButton
      label={label}
      leftSection={<IconExternalLink size={16} />}
      act={async () => location.assign((await setUp.mutateAsync({})).url)}
      failed={t('failed')}
    />
  );
}
