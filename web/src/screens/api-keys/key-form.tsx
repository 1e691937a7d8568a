/** What a new key is for, and what it may do. */

import { Checkbox, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import type * as z from 'zod';
import { ApiKeyInput, ROLES_OF, type Role, type Scope } from '../../../../shared/identity/identity.ts';
import { roleText } from '../../messages/roles.en.ts';
import { FormFoot } from '../../ui/form-foot.tsx';
import { useForm } from '../../ui/use-form.ts';
import { t } from './messages.en.ts';
import { type Kind, scopesFor } from './scopes.ts';

type Values = { name: string; roles: string[]; isAll: boolean; scopes: string[]; sandbox: boolean };

const initialOf = (kind: Kind, isSandbox: boolean): Values => ({
  name: '',
  roles: [ROLES_OF[kind][0]],
  isAll: true,
  scopes: [],
  sandbox: isSandbox,
});

const bodyOf = ({ name, roles, isAll, scopes, sandbox }: Values): unknown => ({
  name,
  roles: roles as Role[],
  sandbox,
  ...(isAll ? {} : { scopes: scopes as Scope[] }),
});

type Props = {
  kind: Kind;
  /** Whether it begins as a key of the sandbox. */
  isSandbox?: boolean;
  send: (body: z.output<typeof ApiKeyInput>) => Promise<unknown>;
  onCancel: () => void;
};

export function KeyForm({ kind, isSandbox = false, send, onCancel }: Props) {
  const form = useForm({ initial: initialOf(kind, isSandbox), schema: ApiKeyInput, toBody: bodyOf });
  const { values } = form;
  const offered = scopesFor(kind, values.sandbox);
  return (
    <form noValidate onSubmit={form.submit(async (body) => send(ApiKeyInput.parse(body)))}>
      <Stack>
        <TextInput
          {...form.text('name')}
          label={t('form.name')}
          description={t('form.name.hint')}
          maxLength={80}
          required
          data-autofocus
        />
        <Checkbox.Group {...form.value('roles')} label={t('form.roles')} required>
          <Stack gap={6} mt={4}>
            {ROLES_OF[kind].map((role) => (
              <Checkbox key={role} value={role} label={roleText(role)} />
            ))}
          </Stack>
        </Checkbox.Group>
        {kind !== 'market' && (
          <Switch {...form.checkbox('sandbox')} label={t('form.sandbox')} description={t('form.sandbox.hint')} />
        )}
        <Switch {...form.checkbox('isAll')} label={t('form.all')} />
        {!values.isAll && (
          <Checkbox.Group {...form.value('scopes')} label={t('form.scopes')} required>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={6} mt={4}>
              {offered.map((scope) => (
                <Checkbox key={scope} value={scope} label={scope} />
              ))}
            </SimpleGrid>
          </Checkbox.Group>
        )}
        <FormFoot form={form} act={t('form.act')} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
