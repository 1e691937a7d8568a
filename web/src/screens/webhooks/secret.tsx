/** A signing secret, shown once. */
import { Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import { t } from './messages.en.ts';

/** Undefined: closed. Null: the call was a repetition, which is not told the secret again. */
export function SecretDialog({ secret, onClose }: { secret: string | null | undefined; onClose: () => void }) {
  return (
    <Modal opened={secret !== undefined} onClose={onClose} title={t('secret.title')} withCloseButton={false}>
      <Stack>
        <Text size="sm">{t(secret === null ? 'secret.repeated' : 'secret.text')}</Text>
        {typeof secret === 'string' && <Code block>{secret}</Code>}
        <Group justify="flex-end">
          {typeof secret === 'string' && (
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {t(copied ? 'secret.copied' : 'secret.copy')}
                </Button>
              )}
            </CopyButton>
          )}
          <Button onClick={onClose}>{t('secret.done')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
