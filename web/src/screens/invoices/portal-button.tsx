/** Opens the page at Stripe with one's invoices, their PDFs and payment methods; the link is made when it is asked for. */
import type { ButtonProps } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { call } from '../../api/call.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { t } from './messages.en.ts';

export function PortalButton({
  label = t('portal'),
  ...button
}: Pick<ButtonProps, 'variant' | 'size'> & { label?: string }) {
  return (
    <ActButton
      variant="default"
      leftSection={<IconExternalLink size={16} />}
      {...button}
      label={label}
      act={async () => location.assign((await call('post', '/v1/billing-profile/portal', {})).url)}
    />
  );
}
