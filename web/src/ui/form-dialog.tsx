/** A button that opens a form in a dialog: it closes when what was sent is done, and says what is wrong where it is not. */

import { Button, type ButtonProps, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { t } from '../messages/en.ts';
import { FormFoot } from './form-foot.tsx';
import type { Form } from './use-form.ts';

type Props<V, B> = Pick<ButtonProps, 'variant' | 'color' | 'size' | 'leftSection'> & {
  /** The button, such as `Enter a payment`. */
  label: string;
  title: string;
  /** What it will do, in a sentence or two. */
  lead?: ReactNode;
  /** The word that does it; `label` where left out. */
  confirm?: string;
  form: Form<V, B>;
  send: (body: B) => Promise<unknown>;
  /** The fields. */
  children: ReactNode;
};

export function FormDialog<V, B>({
  label,
  title,
  lead,
  confirm = label,
  form,
  send,
  children,
  ...button
}: Props<V, B>) {
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    form.reset();
  };
  return (
    <>
      <Button {...button} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal opened={isOpen} onClose={close} title={title} closeButtonProps={{ 'aria-label': t('toast.close') }}>
        <form
          noValidate
          onSubmit={form.submit(async (body) => {
            await send(body);
            close();
          })}
        >
          <Stack>
            {lead !== undefined && <Text size="sm">{lead}</Text>}
            {children}
            <FormFoot form={form} act={confirm} onCancel={close} color={button.color} />
          </Stack>
        </form>
      </Modal>
    </>
  );
}
