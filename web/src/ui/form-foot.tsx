/** The end of a form in a dialog: what is wrong as a whole, the way out, and the word that does it. */
import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '../messages/en.ts';
import { ProblemAlert } from './problem.tsx';
import type { Form } from './use-form.ts';

type Props = {
  form: Pick<Form<unknown, unknown>, 'problem' | 'isSending'>;
  act: string;
  onCancel: () => void;
  color?: string | undefined;
  /** How far it is, where that takes a while. */
  children?: ReactNode;
};

export function FormFoot({ form, act, onCancel, color, children }: Props) {
  return (
    <>
      <ProblemAlert error={form.problem} />
      <Group justify="flex-end">
        {children}
        <Button variant="default" onClick={onCancel}>
          {t('confirm.cancel')}
        </Button>
        <Button type="submit" loading={form.isSending} {...(color === undefined ? {} : { color })}>
          {act}
        </Button>
      </Group>
    </>
  );
}
