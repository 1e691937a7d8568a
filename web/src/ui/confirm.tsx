/** A button for what costs money or cannot be taken back: it says the consequence first, and waits for an answer. */
import { Button, type ButtonProps, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { t } from '../messages/en.ts';
import { ProblemAlert } from './problem.tsx';
import { sayDone } from './toast.tsx';
import { WhyNot } from './why-not.tsx';

type Props = Pick<ButtonProps, 'variant' | 'color' | 'size' | 'leftSection'> & {
  /** The button, such as `Commit`. */
  label: string;
  title: string;
  /** What it will cost or change, in a sentence. */
  consequence: ReactNode;
  /** The word that does it; `label` where left out. */
  confirm?: string;
  /** Why it cannot be pressed now; null or left out: it can. */
  whyNot?: string | null;
  /** Does it; a refusal is shown in the dialog. */
  act: () => Promise<unknown>;
  /** What is said when it is done. */
  done?: string;
};

export function ConfirmButton({
  label,
  title,
  consequence,
  confirm = label,
  whyNot = null,
  act,
  done,
  ...button
}: Props) {
  const [isOpen, dialog] = useDisclosure(false);
  const [isActing, setActing] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async () => {
    setActing(true);
    setError(null);
    try {
      await act();
      if (done !== undefined) sayDone(done);
      dialog.close();
    } catch (refusal) {
      setError(refusal);
    }
    setActing(false);
  };
  return (
    <>
      <WhyNot why={whyNot}>
        <Button {...button} onClick={dialog.open}>
          {label}
        </Button>
      </WhyNot>
      <Modal opened={isOpen} onClose={dialog.close} title={title} closeButtonProps={{ 'aria-label': t('toast.close') }}>
        <Stack>
          {typeof consequence === 'string' ? <Text>{consequence}</Text> : consequence}
          <ProblemAlert error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              {t('confirm.cancel')}
            </Button>
            <Button onClick={() => void run()} loading={isActing} {...(button.color ? { color: button.color } : {})}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
