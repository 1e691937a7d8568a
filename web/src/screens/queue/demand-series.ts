/** The weeks of a queue as points of a picture: what came, what is expected, and its range. */
import type { QueueDemand } from '../../../../shared/demand/demand.ts';

export type WeekPoint = {
  weekStartsAt: string;
  requests: number | null;
  expected: number | null;
  range: [number, number] | null;
};

/** History first; the forecast begins where the history ends, so that the line does not break. */
export function weekPoints({ history, forecast }: Pick<QueueDemand, 'history' | 'forecast'>): WeekPoint[] {
  const past = history.map(({ weekStartsAt, requests }) => ({
    weekStartsAt,
    requests,
    expected: null as number | null,
    range: null as [number, number] | null,
  }));
  const last = past.at(-1);
  if (forecast === null) return past;
  if (last !== undefined && last.requests !== null) {
    last.expected = last.requests;
    last.range = [last.requests, last.requests];
  }
  const coming = forecast.map(({ weekStartsAt, expected, low, high }) => ({
    weekStartsAt,
    requests: null,
    expected,
    range: [low, high] as [number, number],
  }));
  return [...past, ...coming];
}
