/** Where each step is taken. */
import type { StepName } from '../../../../shared/checklist/checklist.ts';
import { isFor, type Screen } from '../../app/screen.ts';

/** The first of these that is a screen of one's roles; none for what others do. */
const PLACES: Readonly<Record<StepName, readonly string[]>> = {
  approval: [],
  sandbox: ['/sandbox'],
  commitment: ['/demand/new'],
  way_in: ['/api-keys', '/connectors', '/imports'],
  playbook: ['/playbooks'],
  budget: ['/budget'],
  billing_profile: ['/billing-profile', '/billing'],
  payment_method: ['/billing-profile', '/billing'],
  bid: ['/opportunities', '/bids'],
  certificates: ['/certificates'],
  availability: ['/lanes'],
  payout_profile: ['/payout-profile', '/payouts'],
  payout_account: ['/payout-profile', '/payouts'],
};

export function placeOf(
  step: StepName,
  screens: readonly Pick<Screen, 'path' | 'who'>[],
  roles: Parameters<typeof isFor>[1],
): string | null {
  const found = PLACES[step].find((path) =>
    screens.some((screen) => screen.path === path && isFor(screen, roles, true)),
  );
  return found ?? null;
}
