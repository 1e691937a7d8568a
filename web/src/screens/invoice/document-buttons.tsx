/** The invoice's page at Stripe and its PDF; the links end, so they are asked for when one wants them. */
import { Button, type ButtonProps } from '@mantine/core';
import { IconExternalLink, IconFileTypePdf } from '@tabler/icons-react';
import { useState } from 'react';
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import { call } from '../../api/call.ts';
import { sayFailed } from '../../ui/toast.tsx';
import { t } from './messages.en.ts';

type Props = Pick<ButtonProps, 'variant'> & { of: Invoice; canPay: boolean };

export function DocumentButtons({ of: { id, stripeInvoice, finalizedAt, state }, canPay }: Props) {
  const [opening, setOpening] = useState<'url' | 'pdf' | null>(null);
  if (stripeInvoice === null || finalizedAt === null) return null;
  const open = async (which: 'url' | 'pdf') => {
    setOpening(which);
    try {
      const found = await call('get', '/v1/invoices/{invoice}/document', { path: { invoice: id } });
      location.assign((which === 'pdf' ? found.pdf : null) ?? found.url);
    } catch (error) {
      sayFailed(t('document.failed'), error);
    }
    setOpening(null);
  };
  const isToPay = canPay && state === 'open';
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconFileTypePdf size={16} />}
        loading={opening === 'pdf'}
        onClick={() => void open('pdf')}
      >
        {t('document.pdf')}
      </Button>
      <Button
        variant={isToPay ? 'filled' : 'default'}
        leftSection={<IconExternalLink size={16} />}
        loading={opening === 'url'}
        onClick={() => void open('url')}
      >
        {t(isToPay ? 'document.pay' : 'document.page')}
      </Button>
    </>
  );
}
