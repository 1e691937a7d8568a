/** What a dispute posts, as entries of each provider that was paid: pure, so that it can be held against any history. */
import type { Leg } from '../ledger/ledger.ts';
import {
  acceptedByCreditNoteLegs,
  acceptedLegs,
  type GivenBack,
  givenBackByLegs,
  type HeldCharge,
  heldLegs,
  openedLegs,
  type PoolAccount,
  type SlaTakenBack,
} from '../ledger/postings/dispute.ts';
import type { Dispute } from './dispute.ts';
import { byProvider, portionOf } from './share.ts';

/** One provider's entry; the finisher's is the company's too. */
export type Part = { provider: string; legs: Leg[] };
type Charged = Pick<
  Dispute,
  'company' | 'provider' | 'priceMicros' | 'bidMicros' | 'feeMicros' | 'poolMicros' | 'split'
>;

const heldCharge = (dispute: Charged): HeldCharge => ({
  company: dispute.company,
  provider: dispute.provider,
  priceMicros: dispute.priceMicros,
  ownMicros: byProvider(dispute, dispute.provider, dispute.bidMicros).get(dispute.provider) ?? 0,
  feeMicros: dispute.feeMicros,
});

/** What is held while it is open: P too where no invoice bills it. */
export const heldParts = (dispute: Charged, isInvoiced: boolean): Part[] => [
  { provider: dispute.provider, legs: openedLegs(heldCharge(dispute), isInvoiced) },
  ...dispute.split.map(({ provider, micros }) => ({ provider, legs: heldLegs(provider, micros) })),
];

/** What an acceptance of a share comes to. `creditNote`: the company's legs where an invoice bills the charge. */
export function acceptedParts(
  dispute: Charged,
  share: Parameters<typeof portionOf>[1],
  sla: SlaTakenBack,
  pool: PoolAccount,
  creditNote: readonly Leg[] | null,
): Part[] {
  const held = heldCharge(dispute);
  const portion = portionOf(dispute, share);
  const back = byProvider(dispute, dispute.provider, portion.bidMicros);
  const ownMicros = back.get(dispute.provider) ?? 0;
  const given: GivenBack = { ...portion, ownMicros, othersMicros: portion.bidMicros - ownMicros };
  const legs =
    creditNote === null
      ? acceptedLegs(held, given, sla, pool)
      : acceptedByCreditNoteLegs(held, given, sla, pool, creditNote);
  const others = dispute.split.map(({ provider, micros }) => ({
    provider,
    legs: givenBackByLegs(provider, micros, back.get(provider) ?? 0),
  }));
  return [{ provider: dispute.provider, legs }, ...others];
}
