/** Invites somebody: the link is shown once, for the admin to send. */

import { Button, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { InvitationInput } from '../../../../shared/organisation/organisation.ts';
import { useAct } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { FormFoot } from '../../ui/form-foot.tsx';
import { Copy } from '../../ui/secret-dialog.tsx';
import { useForm } from '../../ui/use-form.ts';
import type { Kind } from '../api-keys/scopes.ts';
import { t } from './messages.en.ts';
import { RolesField } from './roles-field.tsx';

type Made = { email: string; link: string };

export function Invite({ kind }: { kind: Kind }) {
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const close = () => {
    setOpen(false);
    setMade(null);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('invite')}</Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t(made === null ? 'invite.title' : 'link.title')}
        closeOnClickOutside={made === null}
        closeButtonProps={{ 'aria-label': common('toast.close') }}
      >
        {made === null ? <Form kind={kind} onMade={setMade} onClose={close} /> : <Link made={made} onClose={close} />}
      </Modal>
    </>
  );
}

function Form({ kind, onMade, onClose }: { kind: Kind; onMade: (made: Made) => void; onClose: () => void }) {
  const invite = useAct('post', '/v1/invitations');
  const initial: { email: string; roles: (typeof InvitationInput)['_output']['roles'] } = { email: '', roles: [] };
  const form = useForm({ initial, schema: InvitationInput });
  return (
    <form
      noValidate
      onSubmit={form.submit(async (body) => {
        const { token } = await invite.mutateAsync({ body });
        onMade({ email: body.email, link: `${location.origin}/invitations/${token}` });
      })}
    >
      <Stack>
        <TextInput
          {...form.text('email')}
          type="email"
          label={t('invite.email')}
          description={t('invite.email.hint')}
          required
          data-autofocus
        />
        <RolesField kind={kind} {...form.value('roles')} />
        <FormFoot form={form} act={t('invite.act')} onCancel={onClose} />
      </Stack>
    </form>
  );
}

function Link({ made: { email, link }, onClose }: { made: Made; onClose: () => void }) {
  return (
    <Stack>
      <Text size="sm">{t('link.text', { email })}</Text>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Code block style={{ flex: 1, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {link}
        </Code>
        <Copy text={link} />
      </Group>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('link.done')}</Button>
      </Group>
    </Stack>
  );
}
