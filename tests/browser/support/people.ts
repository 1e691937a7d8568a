/** The people of the demo by their role: the first one of each that the sign-in lists. */
import * as z from 'zod';
import { Role } from '../../../shared/identity/identity.ts';

export type DemoRole = z.infer<typeof Role> | 'several';

const People = z.object({
  items: z.array(
    z.object({
      email: z.string(),
      memberships: z.array(z.object({ organisation: z.string(), name: z.string(), roles: z.array(Role) })),
    }),
  ),
});

/**
 * The address of somebody with exactly this role first, in any organisation or a certain one; `several`: of somebody who
 * belongs to two organisations.
 */
export async function addressOf(baseUrl: string, role: DemoRole, organisation?: string): Promise<string> {
  const answer = await fetch(`${baseUrl}/auth/people`);
  const { items } = People.parse(await answer.json());
  const isWanted = (of: string): boolean => organisation === undefined || of === organisation;
  const found = items.find(({ memberships: [first, ...more] }) =>
    role === 'several'
      ? more.length > 0
      : more.length === 0 && first?.roles[0] === role && isWanted(first.organisation),
  );
  if (found === undefined) throw new Error(`the demo has nobody for ${role}`);
  return found.email;
}
