/** A queue as it is typed, as it is sent. Pure; money in micro-units. */
import type { QueueInput } from '../../../../shared/queue/queue.ts';

export type QueueValues = {
  category: string;
  channel: string;
  language: string;
  region: string;
  slaTier: QueueInput['serviceClass']['slaTier'];
  currency: QueueInput['currency'];
  slaHours: number | null;
  ceilingMicros: number | null;
  failureCostMicros: number | null;
  secondPersonAboveMicros: number | null;
};

export const queueBody = ({
  category,
  channel,
  language,
  region,
  slaTier,
  currency,
  ...terms
}: QueueValues): unknown => ({
  serviceClass: { category, channel, language, region, slaTier },
  currency,
  terms,
});
