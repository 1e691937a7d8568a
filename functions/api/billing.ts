/** Companies' and providers' own money: each noun's handlers stand in a file of their own beside this one. */
import { api } from '../middleware/api.ts';
import { getBillingProfile, putBillingProfile } from './billing-profile.ts';
import { listCreditNotes, listSlaCredits } from './credits.ts';
import {
  answerDispute,
  disputeCharge,
  getDispute,
  getDisputeEvidence,
  listDisputes,
  takeDisputeOffer,
  withdrawDispute,
} from './disputes.ts';

export const handler = api('billing', {
  getBillingProfile,
  putBillingProfile,
  disputeCharge,
  listDisputes,
  getDispute,
  getDisputeEvidence,
  withdrawDispute,
  takeDisputeOffer,
  answerDispute,
  listCreditNotes,
  listSlaCredits,
});
