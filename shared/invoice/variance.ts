/** Why a month's bill differs from the one before: volume, mix, price, and what is no price at all. Exact to the micro-unit. */
import * as z from 'zod';
import { floorDiv } from '../kernel/money.ts';
import type { Billable } from './billable.ts';

export const Variance = z
  .object({
    beforeMicros: z.int(),
    afterMicros: z.int(),
    volumeMicros: z.int().meta({ description: 'More or fewer resolutions, at the average price of the month before' }),
    mixMicros: z.int().meta({ description: 'Other queues and kinds among them' }),
    priceMicros: z.int().meta({ description: 'The same queues and kinds at other prices' }),
    otherMicros: z.int().meta({ description: 'Shortfall fees, credits and what was carried over' }),
  })
  .meta({ id: 'Variance', description: 'before + volume + mix + price + other = after' });
export type Variance = z.infer<typeof Variance>;

/** Resolutions and their price by queue and kind, and all else, in micro-units. */
export const Volumes = z.object({
  items: z.record(z.string(), z.tuple([z.int(), z.int()])),
  otherMicros: z.int(),
});
export type Volumes = z.infer<typeof Volumes>;
export const NO_VOLUMES: Volumes = { items: {}, otherMicros: 0 };
export const hasVolumes = ({ items, otherMicros }: Volumes): boolean =>
  otherMicros !== 0 || Object.keys(items).length > 0;

/** What was resolved, by queue and kind over all rounds. */
export function volumesOf(billable: Billable, totalMicros: number): Volumes {
  const items: Record<string, [number, number]> = {};
  let priced = 0;
  for (const group of billable.groups.values()) {
    if (group.quantity === 0) continue;
    const key = `${group.queue}#${group.kind}`;
    const [quantity, micros] = items[key] ?? [0, 0];
    items[key] = [quantity + group.quantity, micros + group.micros];
    priced += group.micros;
  }
  return { items, otherMicros: totalMicros - priced };
}

/**
 * With V, A the resolutions and amounts: volume = ⌊(V₁ − V₀)·A₀/V₀⌋; price = Σ (A₁ᵢ − ⌊V₁ᵢ·A₀ᵢ/V₀ᵢ⌋) over what was bought in
 * both months; mix is what then is left of A₁ − A₀. Where nothing was bought before, all of it is volume.
 */
export function varianceOf(before: Volumes, after: Volumes): Variance {
  const [oldCount, oldAmount] = sumOf(before);
  const [newCount, newAmount] = sumOf(after);
  const change = newAmount - oldAmount;
  const volume = oldCount === 0 ? change : timesRatio(newCount - oldCount, oldAmount, oldCount);
  let price = 0;
  for (const [key, [count, amount]] of Object.entries(after.items)) {
    const old = before.items[key];
    if (old !== undefined && old[0] > 0 && oldCount > 0) price += amount - timesRatio(count, old[1], old[0]);
  }
  return {
    beforeMicros: oldAmount + before.otherMicros,
    afterMicros: newAmount + after.otherMicros,
    volumeMicros: volume,
    mixMicros: change - volume - price,
    priceMicros: price,
    otherMicros: after.otherMicros - before.otherMicros,
  };
}

/** Variances of several companies in one: each part is the sum of theirs, and before + all parts = after holds for it too. */
export const addVariances = (one: Variance, other: Variance): Variance => ({
  beforeMicros: one.beforeMicros + other.beforeMicros,
  afterMicros: one.afterMicros + other.afterMicros,
  volumeMicros: one.volumeMicros + other.volumeMicros,
  mixMicros: one.mixMicros + other.mixMicros,
  priceMicros: one.priceMicros + other.priceMicros,
  otherMicros: one.otherMicros + other.otherMicros,
});

const sumOf = ({ items }: Volumes): [number, number] =>
  Object.values(items).reduce<[number, number]>(([count, sum], [n, micros]) => [count + n, sum + micros], [0, 0]);

const timesRatio = (count: number, amount: number, of: number): number =>
  Number(floorDiv(BigInt(count) * BigInt(amount), BigInt(of)));
