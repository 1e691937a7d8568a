/** A secret that is shown this once, to copy and keep. */
import { Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '../messages/en.ts';

type Props = {
  title: string;
  /** What it is for, and what to do with it. */
  text: string;
  /** What to say where the call was a repetition, which is not told the secret again. */
  repeated: string;
  /** Undefined: closed. Null: a repetition. */
  secret: string | null | undefined;
  onClose: () => void;
  /** What helps with it, such as an example. */
  children?: ReactNode;
};

/** It closes only by its button: a click beside it would lose the secret. */
export function SecretDialog({ title, text, repeated, secret, onClose, children }: Props) {
  const shown = typeof secret === 'string' ? secret : undefined;
  return (
    <Modal
      opened={secret !== undefined}
      onClose={onClose}
      title={title}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={shown === undefined}
    >
      <Stack>
        <Text size="sm">{shown === undefined ? repeated : text}</Text>
        {shown !== undefined && (
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <Code block style={{ flex: 1, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }} data-testid="secret">
              {shown}
            </Code>
            <Copy text={shown} />
          </Group>
        )}
        {shown !== undefined && children}
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {t(shown === undefined ? 'toast.close' : 'secret.kept')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Puts a text on the clipboard, and says so. */
export function Copy({ text, label }: { text: string; label?: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button variant="default" size="xs" onClick={copy} miw="max-content">
          {copied ? t('copy.done') : (label ?? t('copy'))}
        </Button>
      )}
    </CopyButton>
  );
}
