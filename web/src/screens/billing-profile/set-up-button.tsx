/** Opens the page at Stripe on which a payment method is set up. */
import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useAct } from '../../api/use-api.ts';
import { sayFailed } from '../../ui/toast.tsx';
import { t } from './messages.en.ts';

export function SetUpButton({ label }: { label: string }) {
  const setUp = useAct('post', '/v1/billing-profile/checkout');
  const open = async () => {
    try {
      const { url } = await setUp.mutateAsync({});
      location.assign(url);
    } catch (error) {
      sayFailed(t('failed'), error);
    }
  };
  return (
    <Button leftSection={<IconExternalLink size={16} />} loading={setUp.isPending} onClick={() => void open()}>
      {label}
    </Button>
  );
}
