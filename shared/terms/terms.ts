/** The published rules of one queue, versioned; a round keeps the version it opened with. */
import * as z from 'zod';
import { PriceMicros } from '../kernel/money.ts';
import { HOUR, RoundLength } from '../kernel/time.ts';
import type { SlaTier } from '../service-class/service-class.ts';

const Bps = z.int().min(0).max(10_000);
const Hours = z
  .int()
  .min(1)
  .max(24 * 90);

export const Terms = z
  .strictObject({
    roundLength: RoundLength.default('month'),
    /** The hard close of bids and commitments lies this long before the round begins. */
    clearingLeadHours: Hours.default(24),
    provisionalHours: z
      .array(Hours)
      .max(10)
      .refine((hours) => hours.every((hour, i) => i === 0 || hour < hours[i - 1]!), {
        message: 'must fall, each number once, such as [72, 24]',
      })
      .default([72, 24])
      .meta({
        description:
          'Hours before the hard close at which a provisional clearing tells each party where it stands; from the first one on a bid may only improve',
      }),
    feeBps: Bps.default(500).meta({ description: "The market's fee, as a share of the bid price, in basis points" }),
    assumedRateBps: Bps.default(7_000).meta({
      description: 'What an assumed resolution is paid, as a share of a confirmed one',
    }),
    takeOrPayBps: Bps.default(8_000).meta({
      description: 'φ: the share of its award that a company pays for at least',
    }),
    shortfallRateBps: Bps.default(5_000).meta({
      description: 'The share of the pool price paid for what is missing below φ',
    }),
    silenceHours: Hours.default(72).meta({ description: 'Silence after which a resolution counts as assumed' }),
    reopenHours: Hours.default(168).meta({
      description: 'How long after the resolution the customer may say solved or not solved',
    }),
    leaseSeconds: z.int().min(60).max(3_600).default(300),
    lostTurns: z
      .int()
      .min(1)
      .max(10)
      .default(3)
      .meta({ description: 'A request whose turn is lost this often goes to another lane' }),
    slaCreditBps: Bps.default(1_000).meta({
      description: 'Credit for a resolution after the deadline, as a share of its price',
    }),
    splitBps: Bps.default(1_000).meta({
      description:
        'Of what is paid for a resolution: the share of programs that worked the request and handed it on to the person who finished it',
    }),
    auditBps: Bps.default(100).meta({ description: 'Share of assumed resolutions drawn for audit' }),
    shareLimitBps: z
      .int()
      .min(1)
      .max(10_000)
      .default(10_000)
      .meta({ description: 'σ: no provider is awarded more than this share of the demand; 10000 is off' }),
    slaHours: z
      .int()
      .min(1)
      .max(24 * 60)
      .meta({
        description:
          'Hours from acceptance to the deadline; hours of a company’s own working time where it stated a calendar, which only makes deadlines later',
      }),
    ceilingMicros: PriceMicros.min(1).meta({
      description: "The queue's published highest price, all-in: what serving it oneself costs",
    }),
    failureCostMicros: PriceMicros.meta({
      description: 'What a request not resolved at the first go costs a company that states nothing',
    }),
    secondPersonAboveMicros: PriceMicros.meta({
      description:
        "Awards worth more than this in a round need a second person's release; until then the round does not begin",
    }),
    disputeDays: z
      .int()
      .min(1)
      .max(365)
      .default(30)
      .meta({ description: 'How long after its invoice is final a charge can be disputed, in days' }),
    disputeAnswerDays: z
      .int()
      .min(1)
      .max(60)
      .default(5)
      .meta({ description: 'How long the provider may take to answer a dispute, in working days; silence accepts' }),
    disputeDecisionDays: z
      .int()
      .min(1)
      .max(90)
      .default(10)
      .meta({ description: 'By when the operator decides a contested dispute, in days after the answer' }),
    publishSealedFile: z.boolean().default(false).meta({
      description: "Whether everybody gets all of a round's inputs and results, under names of that round",
    }),
  })
  .refine((t) => t.reopenHours >= t.silenceHours, {
    path: ['reopenHours'],
    message: 'must be at least silenceHours: the reopen window may not end before silence counts',
  })
  .meta({ id: 'Terms' });
export type Terms = z.infer<typeof Terms>;

export const DEFAULT_SLA_HOURS: Record<SlaTier, number> = { urgent: 4, standard: 48, relaxed: 120 };

/** The pair (silence, reopen window) of the terms; leases of one class share sweeps: `72-168`. */
export const windowClassOf = (terms: Terms): string => `${terms.silenceHours}-${terms.reopenHours}`;

/** The windows of a class in milliseconds. Throws on text that is no window class: a bug. */
export function windowsOf(windowClass: string): { silenceMs: number; reopenMs: number } {
  const match = /^(\d+)-(\d+)$/.exec(windowClass);
  if (match === null) throw new Error(`not a window class: ${windowClass}`);
  return { silenceMs: Number(match[1]) * HOUR, reopenMs: Number(match[2]) * HOUR };
}
