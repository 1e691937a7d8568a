/** A company's what-if: what a commitment would cost. A function of the outline and of the company's own figures only. */
import * as z from 'zod';
import { ProviderLimits } from '../commitment/commitment.ts';
import { asMicros, Currency, formatMicros, mulDivFloor, PriceMicros } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { Instant, iso } from '../kernel/time.ts';
import { shortfallOf } from '../round/closing.ts';
import type { Terms } from '../terms/terms.ts';
import { roundPrice } from './coarse.ts';
import { BIDDERS_FROM, MEMBERS_FROM, type Outline, priceAt } from './outline.ts';
import { type CompanyResult, savingBps } from './provisional.ts';

export const CommitmentPreviewInput = z
  .strictObject({
    currency: Currency,
    volume: z.int().min(1).max(50_000_000),
    reserveMicros: PriceMicros.min(1).optional(),
    limits: ProviderLimits.optional().meta({
      description: 'Limits can only make it dearer; by how much is not told, since that would tell single bids',
    }),
  })
  .meta({ id: 'CommitmentPreviewInput' });
export type CommitmentPreviewInput = z.infer<typeof CommitmentPreviewInput>;

export const CommitmentPreview = z
  .object({
    provisionalAt: Instant.meta({ description: 'The provisional clearing that this is an answer from' }),
    estimatedPriceMicros: PriceMicros.nullable().meta({
      description:
        'All-in, per resolution, to 1 % to 2.5 %; null where the reserve price is probably too low, or nobody serves so much',
    }),
    isLeast: z.boolean().meta({ description: 'With limits on providers the price is at least this' }),
    savingBps: z.int().nullable().meta({ description: 'Against buying alone, to a whole per cent' }),
    mostMicros: z.int().meta({ description: 'The worst case: every request at the reserve price, or the ceiling' }),
    leastMicros: z
      .int()
      .nullable()
      .meta({ description: 'Take-or-pay: owed even if no request is sent, at the estimated price' }),
    obligation: z.string(),
  })
  .meta({ id: 'CommitmentPreview' });
export type CommitmentPreview = z.infer<typeof CommitmentPreview>;

/**
 * What this commitment would cost if everything else stayed as the outline says. `own` is what the company had in the
 * provisional clearing the outline stems from; its place is taken. Refused: `too_few_members`, with fewer than three
 * others or four bidders.
 */
export function previewCommitment(
  outline: Outline | null,
  asked: CommitmentPreviewInput,
  own: CompanyResult | undefined,
  terms: Terms,
): Result<CommitmentPreview, 'too_few_members'> {
  const others = (outline?.members ?? 0) - (own === undefined ? 0 : 1);
  if (outline === null || outline.prices === null || others < MEMBERS_FROM) return TOO_FEW_FOR_COMPANIES;
  const { pool, alone } = outline.prices;
  const pooled = Math.max(0, outline.committed - (own?.committed ?? 0)) + asked.volume;
  const today = priceAt(pool, outline.committed);
  const average = priceAt(pool, pooled);
  const apart = priceAt(alone, asked.volume) ?? terms.ceilingMicros;
  const estimated = average === null ? null : roundPrice(ownPriceAt(average, own, today));
  const limit = Math.min(asked.reserveMicros ?? terms.ceilingMicros, terms.ceilingMicros);
  const isServed = estimated !== null && estimated <= limit;
  const mostMicros = asMicros(BigInt(limit) * BigInt(asked.volume));
  const award = { awarded: asked.volume, unitPriceMicros: estimated ?? 0 };
  const leastMicros = isServed ? shortfallOf(award, 0, terms) : null;
  return ok({
    provisionalAt: iso(outline.asOf),
    estimatedPriceMicros: isServed ? estimated : null,
    isLeast: asked.limits !== undefined,
    savingBps: isServed && average !== null ? savingBps(average, apart) : null,
    mostMicros,
    leastMicros,
    obligation: obligationOf(asked, mostMicros, leastMicros, terms),
  });
}

/** How the company's own price stands to the average, both as they were told: nothing finer goes in. */
function ownPriceAt(average: number, own: CompanyResult | undefined, today: number | null): number {
  if (own === undefined || own.awarded === 0 || today === null || today === 0) return average;
  return mulDivFloor(average, roundPrice(own.priceMicros), today);
}

function obligationOf(asked: CommitmentPreviewInput, most: number, least: number | null, terms: Terms): string {
  const money = (micros: number) => `${formatMicros(micros)} ${asked.currency}`;
  const worst = `${asked.volume} requests cost you ${money(most)} at the very most`;
  if (least === null) return `${worst}; at this reserve price you would probably not be served, and then owe nothing.`;
  const share = Math.ceil((asked.volume * terms.takeOrPayBps) / 10_000);
  return `${worst}; you pay for ${share} of them at least, so sending none would cost about ${money(least)}.`;
}

const TOO_FEW_FOR_COMPANIES = refuse(
  'too_few_members',
  `What-ifs are answered where ${MEMBERS_FROM} other companies and ${BIDDERS_FROM} bidders take part: with fewer, an answer would tell one party's figures.`,
);
