/** What an organisation has put into rounds of all queues, each with its round, and with its award once that is shown. */
import * as z from 'zod';
import { Bid } from '../bid/bid.ts';
import { Commitment } from '../commitment/commitment.ts';
import { PublicRound } from '../queue/queue.ts';
import { ServiceClass } from '../service-class/service-class.ts';
import { CompanyAward, ProviderAward } from './award.ts';

const OfRound = { serviceClass: ServiceClass, round: PublicRound };
const SHOWN = 'Null until the round begins';

export const OwnCommitment = z
  .object({ commitment: Commitment, ...OfRound, award: CompanyAward.nullable().meta({ description: SHOWN }) })
  .meta({ id: 'OwnCommitment' });
export type OwnCommitment = z.infer<typeof OwnCommitment>;

export const OwnBid = z
  .object({ bid: Bid, ...OfRound, award: ProviderAward.nullable().meta({ description: SHOWN }) })
  .meta({ id: 'OwnBid' });
export type OwnBid = z.infer<typeof OwnBid>;
