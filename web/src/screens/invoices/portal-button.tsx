/** Opens the page at Stripe with one's invoices, their PDFs and payment methods; the link is made when it is asked for. */
import { Button, type ButtonProps } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { sayFailed } from '../../ui/toast.tsx';
import { t } from './messages.en.ts';

export function PortalButton({ label = t('portal'), ...button }: ButtonProps & { label?: string }) {
  const [isOpening, setOpening] = useState(false);
  const open = async () => {
    setOpening(true);
    try {
      const { url } = await call('post', '/v1/billing-profile/portal', {});
      location.assign(url);
    } catch (error) {
      sayFailed(label, error);
      setOpening(false);
    }
  };
  return (
    <Button
      variant="default"
      leftSection={<IconExternalLink size={16} />}
      {...button}
      loading={isOpening}
      onClick={() => void open()}
    >
      {label}
    </Button>
  );
}
