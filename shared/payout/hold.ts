/** A provider whose pay is held until a person has looked. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Instant } from '../kernel/time.ts';
import type { AccountStatus } from './account.ts';

export const PayoutHold = z
  .object({ provider: OrganisationId, reason: z.string(), heldAt: Instant })
  .meta({ id: 'PayoutHold' });
export type PayoutHold = z.infer<typeof PayoutHold>;

/** Why a provider is not paid now; null where it is, or where nothing is to be paid to it and its account is there. */
export function whyHeld(
  hold: PayoutHold | undefined,
  account: { account: string | null; status: AccountStatus; needs: readonly string[] } | undefined,
  isPaid: boolean,
): string | null {
  if (hold !== undefined) return `Held: ${hold.reason}`;
  if (account?.account == null) return 'The provider has no account to be paid to yet.';
  if (account.status === 'active' || !isPaid) return null;
  return `Stripe does not pay the account yet${account.needs.length === 0 ? '' : `: it asks for ${account.needs.join(', ')}`}.`;
}
