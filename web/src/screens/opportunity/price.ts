import { mulDivFloor } from '../../../../shared/kernel/money.ts';

/** The highest bid price that is no more than an all-in price once the market's fee is on top; micro-units. */
export const bidMicros = (allInMicros: number, feeBps: number): number =>
  mulDivFloor(allInMicros, 10_000, 10_000 + feeBps);
