/** Makes a key, and shows it once. */
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { KeyForm } from './key-form.tsx';
import { KeySecret } from './key-secret.tsx';
import { t } from './messages.en.ts';
import type { Kind } from './scopes.ts';

type Props = { kind: Kind; isSandbox?: boolean; label?: string; variant?: 'default' | 'filled' };

export function NewKey({ kind, isSandbox = false, label = t('make'), variant = 'filled' }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>();
  const create = useAct('post', '/v1/api-keys');
  return (
    <>
      <Button variant={variant} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('form.title')}
        closeButtonProps={{ 'aria-label': common('toast.close') }}
      >
        <KeyForm
          kind={kind}
          isSandbox={isSandbox}
          onCancel={() => setOpen(false)}
          send={async (body) => {
            const made = await create.mutateAsync({ body });
            setOpen(false);
            setSecret(made.secret);
          }}
        />
      </Modal>
      <KeySecret secret={secret} onClose={() => setSecret(undefined)} />
    </>
  );
}
