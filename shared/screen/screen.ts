/**
 * What the market looks for in bids, and what it says when it finds something. The rules are data, published to everybody;
 * a flag goes to the market's operator alone, asks a person to look, and never changes an award.
 */
import * as z from 'zod';
import { OrganisationId, QueueId, RoundNumber } from '../kernel/id.ts';
import { Instant } from '../kernel/time.ts';

export const ScreenName = z
  .enum(['low_variation', 'identical_grids', 'rotating_winners', 'losers_never_near'])
  .meta({ id: 'ScreenName' });
export type ScreenName = z.infer<typeof ScreenName>;

/** Rounds that are looked at together: the one just cleared and those before it. */
export const ROUNDS_SCREENED = 12;

export const ScreenRule = z
  .object({
    screen: ScreenName,
    rule: z.string().meta({ description: 'When a flag is raised' }),
    why: z.string(),
    innocent: z.string().meta({ description: 'What else can look like this' }),
    thresholds: z.record(z.string(), z.int()).meta({ description: 'The numbers of the rule; units end the names' }),
    sources: z.array(z.string()),
  })
  .meta({ id: 'ScreenRule' });
export type ScreenRule = z.infer<typeof ScreenRule>;

const OECD = 'OECD, Guidelines for Fighting Bid Rigging in Public Procurement (2009, revised 2025)';

/** The published rules; `screens.ts` reads its numbers from here, so what is published is what is applied. */
export const RULES = {
  low_variation: {
    screen: 'low_variation',
    rule: 'In one round, at least three providers of one kind offer prices whose coefficient of variation (standard deviation over mean, n − 1) is below the threshold.',
    why: 'Prices that are agreed vary less than prices that follow from costs of one’s own.',
    innocent: 'A public cost that all share, such as one software’s price, and very few bids.',
    thresholds: { leastBids: 3, variationBps: 200 },
    sources: [
      'Abrantes-Metz, Froeb, Geweke and Taylor, A variance screen for collusion, International Journal of Industrial Organization 24 (2006)',
      OECD,
    ],
  },
  identical_grids: {
    screen: 'identical_grids',
    rule: 'Two or more providers offer the same volumes at the same prices in at least two tiers; or the same volumes with the same discounts, rounded to a basis point, in at least four tiers.',
    why: 'Two who calculate by themselves rarely arrive at the same list.',
    innocent: 'A bid taken over from a template, and round discounts at round volumes.',
    thresholds: { leastProviders: 2, leastTiersSamePrices: 2, leastTiersSameDiscounts: 4 },
    sources: [OECD],
  },
  rotating_winners: {
    screen: 'rotating_winners',
    rule: 'The providers with the largest award of each round take turns in one fixed order, up to this round, and of all orders in which they could have won as often as they did, no more than the threshold are such turns.',
    why: 'Those who share a market often take turns.',
    innocent: 'Capacity that is free every other round because other work takes it.',
    thresholds: { roundsLookedAt: ROUNDS_SCREENED, chancePpm: 5_000 },
    sources: [OECD],
  },
  losers_never_near: {
    screen: 'losers_never_near',
    rule: 'In each of the last rounds with an award and two or more losers of one kind, this one included, the cheapest loser’s offer lies above the dearest winner’s by at least the stated share, and by at least three standard deviations (n − 1) of the losers’ offers.',
    why: 'Bids that are only to look like competition are put safely above the one that is to win, close to each other.',
    innocent: 'One provider with lower costs than all others, who cost alike.',
    thresholds: { rounds: 4, leastLosers: 2, gapBps: 300, gapOverSpreadPercent: 300 },
    sources: [
      'Imhof, Karagök and Rutz, Screening for bid rigging: does it work?, Journal of Competition Law & Economics 14 (2018): relative distance',
      OECD,
    ],
  },
} as const satisfies { [Name in ScreenName]: ScreenRule & { screen: Name } };

/** All rules, in the order in which they are applied. */
export const SCREEN_RULES: readonly ScreenRule[] = ScreenName.options.map((name) => RULES[name]);

/** What a screen found in one round. */
export type Finding = {
  screen: ScreenName;
  /** What it was found in, unique within screen and round: a kind of provider, a price list, or the whole queue. */
  subject: string;
  rounds: number[];
  providers: string[];
  /** Whole numbers; units end the names. */
  figures: Record<string, number>;
  sentence: string;
};

export const FlagState = z.enum(['open', 'reviewed', 'dismissed']).meta({ id: 'FlagState' });
export type FlagState = z.infer<typeof FlagState>;

export const FlagId = z
  .string()
  .max(200)
  .regex(/^[a-z0-9-]+\.\d{1,6}\.[a-z_]+\.[\w-]+$/)
  .meta({ description: "A flag's id, as the list of flags shows it" });

export const FlagReview = z
  .strictObject({
    state: FlagState.exclude(['open']).meta({
      description: '`reviewed`: somebody looked into it and acts on it; `dismissed`: there is an innocent reason',
    }),
    note: z.string().trim().min(1).max(2_000).meta({ description: 'What was found, for whoever reads it next' }),
  })
  .meta({ id: 'FlagReview' });
export type FlagReview = z.infer<typeof FlagReview>;

export const Flag = z
  .object({
    id: FlagId,
    queue: QueueId,
    round: RoundNumber,
    screen: ScreenName,
    rounds: z.array(RoundNumber),
    providers: z.array(OrganisationId),
    figures: z.record(z.string(), z.int()),
    thresholds: z.record(z.string(), z.int()).meta({ description: 'As they were when the flag was raised' }),
    sentence: z.string(),
    raisedAt: Instant,
    state: FlagState,
    review: z
      .object({ ...FlagReview.shape, by: z.string(), at: Instant })
      .nullable()
      .meta({ description: 'Who looked at it, when, and what they found' }),
  })
  .meta({ id: 'Flag' });
export type Flag = z.infer<typeof Flag>;
