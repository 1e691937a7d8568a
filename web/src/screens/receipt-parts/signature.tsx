/** Checks a receipt's signature in the browser, by the same code as `npm run verify-receipt`. */
import { Button, CopyButton, Group, Text } from '@mantine/core';
import { IconRosetteDiscountCheck, IconShieldX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRead } from '../../api/use-api.ts';
import { t } from './messages.en.ts';

export function Signature({ jws }: { jws: string }) {
  const keys = useRead('/v1/receipts/jwks').data;
  const check = useQuery({
    queryKey: ['signature', jws],
    queryFn: async () => {
      const { verifyReceipt } = await import('../../../../shared/receipt/verify.ts');
      return verifyReceipt(jws, keys!);
    },
    enabled: keys !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Group mt="sm" justify="space-between" className="no-print">
      <Group gap="xs" wrap="nowrap" role="status">
        {check.data?.ok === true && <IconRosetteDiscountCheck className="good" aria-hidden="true" />}
        {check.data?.ok === false && <IconShieldX className="bad" aria-hidden="true" />}
        <Text size="sm">{sentence(check.data, check.isError)}</Text>
      </Group>
      <CopyButton value={jws}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" onClick={copy}>
            {t(copied ? 'copied' : 'copy')}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}

function sentence(checked: { ok: boolean; detail?: string } | undefined, isError: boolean): string {
  if (isError) return t('check.unknown');
  if (checked === undefined) return t('checking');
  return checked.ok ? t('check.good') : `${t('check.bad')} ${checked.detail ?? ''}`;
}
