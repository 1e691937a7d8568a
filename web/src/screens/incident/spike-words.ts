/** What a spike comes to, as people say it. */
import type { Spike } from '../../../../shared/incident/spike.ts';

/** What is usual in an hour, to a tenth. */
export const usualRate = ({ usual }: Pick<Spike, 'usual'>): number =>
  Math.round((10 * usual.requests) / usual.hours) / 10;

/** One in how many, in a round power of ten: the chance itself says more digits than anybody knows. */
export function oddsOf(chance: number): string {
  const power = Math.floor(-Math.log10(chance));
  if (power >= 12) return 'a trillion';
  if (power >= 9) return 'a billion';
  return 'a million';
}
