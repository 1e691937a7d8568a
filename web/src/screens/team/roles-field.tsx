/** The roles that an organisation of a kind can give. */
import { Checkbox, Stack } from '@mantine/core';
import { ROLES_OF, type Role } from '../../../../shared/identity/identity.ts';
import { roleText } from '../../messages/roles.en.ts';
import type { Kind } from '../api-keys/scopes.ts';
import { t } from './messages.en.ts';

type Props = { kind: Kind; value: readonly Role[]; onChange: (roles: Role[]) => void; error?: string };

export function RolesField({ kind, value, onChange, error }: Props) {
  return (
    <Checkbox.Group
      label={t('roles')}
      value={[...value]}
      onChange={(roles) => onChange(roles as Role[])}
      required
      {...(error === undefined ? {} : { error })}
    >
      <Stack gap={6} mt={4}>
        {ROLES_OF[kind].map((role) => (
          <Checkbox key={role} value={role} label={roleText(role)} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
