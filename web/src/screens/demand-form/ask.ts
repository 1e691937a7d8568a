/** Asks the market what a commitment would cost. Each answer is kept as long as the page stands: one has sixty for a clearing. */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CommitmentPreview } from '../../../../shared/provisional/what-if-company.ts';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { call } from '../../api/call.ts';
import { limitsOf, type Values } from './values.ts';

const PATH = '/v1/queues/{queue}/rounds/{round}/preview';
/** A slider asks once it rests. */
const REST_MS = 350;

export type At = { queue: string; round: number };

const askFor = (at: At, values: Values, volume: number) => {
  const limits = limitsOf(values);
  const body = {
    currency: values.currency as 'USD',
    volume,
    ...(values.reserveMicros === null ? {} : { reserveMicros: values.reserveMicros }),
    ...(limits === undefined ? {} : { limits }),
  };
  return {
    queryKey: [PATH, at, body],
    queryFn: (): Promise<CommitmentPreview> =>
      call('post', PATH, { path: { queue: at.queue, round: at.round }, body } as never) as Promise<CommitmentPreview>,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  };
};

/** The answer for the values as they stand; an older one while it is asked for. */
export function useWhatIf(at: At, values: Values) {
  const [rested] = useDebouncedValue(values, REST_MS);
  const query = useQuery({
    ...askFor(at, rested, rested.volume ?? 1),
    enabled: (rested.volume ?? 0) > 0,
    placeholderData: keepPreviousData,
  });
  return { ...query, isAsking: query.isFetching || rested !== values };
}

export type Point = { volume: number; priceMicros: number | null };
/** Shares of the volume at which a curve is drawn, in per cent. */
const CURVE_PERCENTS = [25, 50, 75, 100, 125, 150, 200] as const;

/** The price at other volumes, asked for one after the other when somebody wants to see it. */
export function useCurve(at: At, values: Values) {
  const queries = useQueryClient();
  const [points, setPoints] = useState<readonly Point[]>([]);
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const draw = async () => {
    setAsking(true);
    setError(null);
    const found: Point[] = [];
    try {
      for (const volume of curveVolumes(values.volume ?? 1)) {
        const answer = await queries.fetchQuery(askFor(at, values, volume));
        found.push({ volume, priceMicros: answer.estimatedPriceMicros });
        setPoints([...found]);
      }
    } catch (refusal) {
      setError(refusal);
    }
    setAsking(false);
  };
  return { points, isAsking, error, draw };
}

/** Seven volumes around one, each once, rising, at least 1. */
export const curveVolumes = (volume: number): number[] => [
  ...new Set(CURVE_PERCENTS.map((percent) => Math.max(1, Math.round((volume * percent) / 100)))),
];

/** What requests of this class cost in past rounds, from published figures: it is the same for every volume. */
export function usePastPrices(queue: PublicQueue | undefined) {
  return useQuery({
    queryKey: ['/v1/estimates', queue?.id],
    queryFn: async () => {
      const { serviceClass, currency } = queue!;
      const { items } = await call('post', '/v1/estimates', {
        body: { demand: [{ serviceClass, currency, volume: 1 }] },
      });
      return items[0] ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    enabled: queue !== undefined,
  });
}
