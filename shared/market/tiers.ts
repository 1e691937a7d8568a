/** Volume tiers of a bid: what may be offered, and the reason a list is refused. Used wherever a bid enters. */
import * as z from 'zod';
import { PriceMicros } from '../kernel/money.ts';

/** Most requests one commitment or one bid may name: twice its square still fits a safe integer. */
export const MAX_VOLUME = 50_000_000;

/** A number of requests: whole, from 0 to {@link MAX_VOLUME}. */
export const Volume = z.int().min(0).max(MAX_VOLUME).meta({ description: 'Number of requests' });

/** One tier: from `minVolume` awarded requests on, every request costs `priceMicros` (the provider's pay, fee not inside). */
export const PriceTier = z.object({ minVolume: Volume, priceMicros: PriceMicros });
export type PriceTier = z.infer<typeof PriceTier>;

/** Says what is wrong with the tier at `index`, in words its bidder can act on; undefined where nothing is. */
function faultOf(tiers: readonly PriceTier[], index: number): string | undefined {
  const tier = tiers[index]!;
  const before = tiers[index - 1];
  if (before === undefined) return undefined;
  const name = `Tier ${index + 1}`;
  if (tier.minVolume <= before.minVolume) {
    return `${name} starts at ${tier.minVolume} requests, not above tier ${index} (${before.minVolume}): raise its minimum volume or remove it.`;
  }
  if (tier.priceMicros > before.priceMicros) {
    return (
      `${name} costs more (${tier.priceMicros}) than tier ${index} (${before.priceMicros}): lower it to ${before.priceMicros} or less. ` +
      'Prices that rise with volume are refused, because pooling could then cost a company more than buying alone, and the market guarantees that it never does.'
    );
  }
  return undefined;
}

/**
 * The price tiers of a bid: 1 to 10 of them, minimum volumes strictly rising, prices never rising. The first minimum
 * volume is the minimum award (0 = none). A refusal names the tier and what to do about it.
 */
export const PriceTiers = z
  .array(PriceTier)
  .min(1, 'Name at least one price tier.')
  .max(10, 'Name at most ten price tiers: merge tiers whose prices are close.')
  .superRefine((tiers, context) => {
    for (const [index] of tiers.entries()) {
      const message = faultOf(tiers, index);
      if (message !== undefined) context.addIssue({ code: 'custom', message, path: [index] });
    }
  })
  .meta({ id: 'PriceTiers', description: 'Price per resolution by awarded volume; prices never rise with volume' });
export type PriceTiers = z.infer<typeof PriceTiers>;

export type TierCheck =
  | { readonly ok: true; readonly tiers: PriceTiers }
  | { readonly ok: false; readonly detail: string };

/** Checks tiers as they come in: the tiers, or all faults in one text, each naming its tier. */
export function checkTiers(tiers: unknown): TierCheck {
  const parsed = PriceTiers.safeParse(tiers);
  if (parsed.success) return { ok: true, tiers: parsed.data };
  return { ok: false, detail: parsed.error.issues.map((issue) => describeIssue(issue)).join(' ') };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const [index, field] = issue.path;
  if (issue.code === 'custom' || typeof index !== 'number') return issue.message;
  const rule =
    field === 'minVolume'
      ? `a whole number of requests from 0 to ${MAX_VOLUME}`
      : 'whole micro-units from 0 to 1000000000000';
  return `Tier ${index + 1}: ${field === undefined ? 'the tier' : String(field)} must be ${field === undefined ? '{ minVolume, priceMicros }' : rule}.`;
}
