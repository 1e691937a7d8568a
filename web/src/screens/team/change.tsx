/** Gives a member other roles, or takes them out. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { OrganisationMember } from '../../../../shared/organisation/organisation.ts';
import { useAct } from '../../api/use-api.ts';
import { reloadMemberships } from '../../auth/session.ts';
import { t as common } from '../../messages/en.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { ProblemAlert } from '../../ui/problem.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { WhyNot } from '../../ui/why-not.tsx';
import type { Kind } from '../api-keys/scopes.ts';
import { t } from './messages.en.ts';
import { RolesField } from './roles-field.tsx';

const nameOf = ({ email, user }: OrganisationMember): string => email ?? user;

export function ChangeRoles({ of, kind }: { of: OrganisationMember; kind: Kind }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
        {t('change')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('change.title', { name: nameOf(of) })}
        closeButtonProps={{ 'aria-label': common('toast.close') }}
      >
        <Form of={of} kind={kind} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function Form({ of, kind, onClose }: { of: OrganisationMember; kind: Kind; onClose: () => void }) {
  const [roles, setRoles] = useState(of.roles);
  const change = useAct('put', '/v1/members/{user}');
  const save = async () => {
    await change.mutateAsync({ path: { user: of.user }, body: { roles } });
    onClose();
    sayDone(t('changed'));
    await reloadMemberships();
  };
  return (
    <Stack>
      <RolesField kind={kind} value={roles} onChange={setRoles} />
      <ProblemAlert error={change.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {common('confirm.cancel')}
        </Button>
        <WhyNot why={roles.length === 0 ? t('change.none') : null}>
          <Button loading={change.isPending} onClick={() => void save().catch(() => undefined)}>
            {t('change.act')}
          </Button>
        </WhyNot>
      </Group>
    </Stack>
  );
}

export function Remove({ of, isSelf }: { of: OrganisationMember; isSelf: boolean }) {
  const remove = useAct('delete', '/v1/members/{user}');
  const name = nameOf(of);
  return (
    <ConfirmButton
      label={t('remove')}
      size="compact-xs"
      variant="default"
      title={t('remove.title', { name })}
      consequence={
        <>
          {isSelf && <Text fw={600}>{t('remove.you')}</Text>}
          <Text>{t('remove.text')}</Text>
        </>
      }
      act={async () => {
        await remove.mutateAsync({ path: { user: of.user } });
        sayDone(t('removed', { name }));
        if (isSelf) await reloadMemberships();
      }}
    />
  );
}
