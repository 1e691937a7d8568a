const HOUR_MS = 3_600_000;

/** When the first provisional clearing of a round is due, in milliseconds; null where the terms have none. */
export const firstProvisionalAt = (closesAt: string, provisionalHours: readonly number[]): number | null =>
  provisionalHours[0] === undefined ? null : Date.parse(closesAt) - provisionalHours[0] * HOUR_MS;
