/** Short words at the edge: that something was done, with a way to undo it, or that it was not. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { t } from '../messages/en.ts';
import { told } from './problem.tsx';

const SHOWN_MS = 6_000;
const closeButtonProps = { 'aria-label': t('toast.close') };

/** `undo` is offered as long as the words stand. */
export function sayDone(text: string, undo?: () => void): void {
  const id = crypto.randomUUID();
  const message =
    undo === undefined ? (
      text
    ) : (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{text}</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {t('toast.undo')}
        </Button>
      </Group>
    );
  notifications.show({ id, message, autoClose: undo === undefined ? SHOWN_MS : 2 * SHOWN_MS, closeButtonProps });
}

/** What was not done and why; it stays until it is closed. */
export function sayFailed(title: string, error: unknown): void {
  const { text, note } = told(error);
  notifications.show({
    title,
    message: note === null ? text : `${text} (${note})`,
    color: 'red',
    autoClose: false,
    closeButtonProps,
  });
}
