/** A connector's secret, shown once, beside the address that it belongs to. */
import { Code, Group, Text } from '@mantine/core';
import { Copy, SecretDialog } from '../../ui/secret-dialog.tsx';
import { t } from './messages.en.ts';

type Props = { address: string; secret: string | null | undefined; onClose: () => void };

export function ConnectorSecret({ address, secret, onClose }: Props) {
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
          {t('secret.address')}
        </Text>
        <Address address={address} />
      </div>
    </SecretDialog>
  );
}

/** The address at which messages are posted, as a whole. */
export function Address({ address }: { address: string }) {
  const whole = `${location.origin}${address}`;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Code block style={{ flex: 1, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {whole}
      </Code>
      <Copy text={whole} />
    </Group>
  );
}
