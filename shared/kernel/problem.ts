/**
 * Every refusal the API can answer, in one place: its HTTP status and title. An answer is an RFC 9457 problem with the
 * stable `code` and a `detail` that says what to do.
 */
import * as z from 'zod';

export const PROBLEMS = {
  malformed_json: [400, 'The body is not JSON'],
  invalid_request: [400, 'The request does not fit its schema'],
  idempotency_key_missing: [400, 'This call needs an Idempotency-Key'],
  unauthenticated: [401, 'Sign in first'],
  token_expired: [401, 'The token has expired'],
  forbidden: [403, 'Your role does not allow this'],
  not_found: [404, 'There is nothing here'],
  method_not_allowed: [405, 'This method is not served here'],
  body_too_large: [413, 'The body is over 256 KB'],
  idempotency_key_reused: [422, 'The Idempotency-Key belongs to another call'],
  external_id_conflict: [409, 'The externalId belongs to a request with other content'],
  still_running: [409, 'The same call is still running'],
  organisation_not_approved: [409, 'The organisation is not approved yet'],
  wrong_currency: [422, 'The queue uses another currency'],
  round_not_open: [409, 'The round takes no bids and commitments any more'],
  round_not_cleared: [409, 'The round has not been cleared yet'],
  no_provisional: [409, 'There is no provisional clearing to answer from'],
  too_few_members: [409, 'Too few independent parties take part for an answer'],
  preview_limit: [429, 'All what-ifs of this provisional clearing are used'],
  bid_may_only_improve: [409, 'After a provisional clearing a bid may only improve'],
  no_release_needed: [409, 'These awards need no release'],
  second_person_needed: [409, 'This takes a second person'],
  file_not_published: [403, 'The terms of this queue do not publish this file'],
  export_not_yours: [403, 'This file is not about your organisation'],
  file_in_parts: [413, 'The file comes in parts'],
  queue_exists: [409, 'A queue for this service class and currency exists'],
  deadline_too_early: [422, 'A deadline may only be later than the one of the SLA tier'],
  needs_category: [422, 'It is not clear which queue this is for'],
  budget_reached: [409, 'The monthly budget is used up'],
  category_mismatch: [422, 'The queue serves another category'],
  import_started: [409, 'The import takes no parts any more'],
  parts_missing: [409, 'Parts of the file are missing'],
  file_unreadable: [422, 'The file cannot be read'],
  columns_missing: [422, 'The mapping names columns that the file does not have'],
  import_closed: [409, 'The import is over'],
  bad_signature: [401, 'The signature does not fit'],
  connector_off: [409, 'The connector is switched off'],
  too_many_connectors: [409, 'The company has as many connectors as it may have'],
  lease_ended: [409, 'The turn has ended'],
  lease_expired: [409, 'The lease has run out'],
  no_progress: [409, 'The turn ended for want of progress'],
  not_resolved: [409, 'There is no resolution to judge'],
  order_decided: [409, 'The order is decided already'],
  not_unknown: [409, 'This transaction needs no explanation'],
  invoice_not_open: [409, 'The invoice takes no payment'],
  audit_decided: [409, 'Somebody has written another result down'],
  rejections_used: [409, 'A company rejects a request so often and no more'],
  data_erased: [409, 'What the customer said was erased'],
  mail_not_configured: [409, 'This market sends no mail'],
  receipt_not_ready: [409, 'There is no final outcome to sign yet'],
  window_passed: [409, 'The window for this has passed'],
  request_closed: [409, 'The request can no longer be changed'],
  lane_withdrawn: [409, 'The lane is withdrawn'],
  webhook_disabled: [409, 'The endpoint is switched off'],
  message_conflict: [409, 'The externalId belongs to a message with other content'],
  playbook_changed: [409, 'Another version of the playbook stands'],
  attachment_not_ready: [409, 'An attachment is not completed'],
  attachment_missing: [409, 'Nothing has been uploaded'],
  attachment_mismatch: [422, 'The file is not what was said'],
  flag_reviewed: [409, 'Somebody has reviewed this flag'],
  too_many_certificates: [409, 'The organisation has as many certificates as it may have'],
  certificate_checked: [409, 'Somebody has checked this certificate'],
  incident_over: [409, 'The incident is over'],
  key_revoked: [409, 'The API key is revoked'],
  last_admin: [409, 'An organisation keeps an admin'],
  email_mismatch: [403, 'The invitation is for another address'],
  invitation_used: [409, 'The invitation was used already'],
  invitation_expired: [410, 'The invitation has expired'],
  link_expired: [410, 'The link has expired'],
  period_not_over: [409, 'The month is not over'],
  close_out_of_order: [409, 'Another month is closed first'],
  close_not_ready: [409, 'The close is not at this step'],
  account_end_decided: [409, 'The end of the account is decided already'],
  invoice_state: [409, 'The invoice is not in a state for this'],
  invoice_paid: [409, 'Something of the invoice was paid or credited'],
  invoice_disputed: [409, 'A charge of the invoice is disputed'],
  invoice_differs: [409, 'The invoice differs from the ledger'],
  credit_limit: [409, 'The company would owe more than it may'],
  purchase_order_expired: [422, 'The purchase order has expired'],
  stripe_refused: [409, 'Stripe refused'],
  stripe_unavailable: [503, 'Stripe does not answer'],
  dispute_exists: [409, 'The charge is disputed already'],
  dispute_over: [409, 'The dispute is over'],
  dispute_answered: [409, 'The dispute was answered already'],
  not_contested: [409, 'There is nothing to decide yet'],
  no_offer: [409, 'No part of the charge was offered'],
  not_disputable: [409, 'The charge cannot be disputed'],
  share_out_of_bounds: [422, 'The share is too small or too large'],
  refund_over: [409, 'The refund was decided already'],
  refund_not_covered: [409, 'There is too little to pay back from'],
  balances_behind: [503, 'New entries are still being added up'],
  legs_unbalanced: [422, 'Debits and credits differ'],
  account_not_adjustable: [422, 'The account moves only with what it stands for'],
  legs_of_several: [422, 'An entry is of one company and one provider at the most'],
  not_a_shortfall: [422, 'The entry is no shortfall fee'],
  nothing_to_adjust: [422, 'There is nothing to adjust'],
  not_a_rounding: [409, 'The account stands at a cent or more'],
  already_reversed: [409, 'The entry was reversed already'],
  adjustment_decided: [409, 'The adjustment was decided before'],
  adjustment_outdated: [409, 'What the adjustment was made for has changed'],
  payout_profile_missing: [409, 'Nobody has said yet who is paid'],
  payout_run_not_proposed: [409, 'The payout run cannot be decided on now'],
  debt_decided: [409, 'The proposal is decided already'],
  not_owed: [409, 'So much is not owed'],
  clock_goes_forward: [422, 'The market clock only goes forward'],
  clock_is_real_time: [409, 'The market clock is real time'],
  clock_mode_fixed: [409, 'The clock of this data folder was set before'],
  rate_limited: [429, 'Too many calls'],
  internal: [500, 'Something went wrong on our side'],
  unavailable: [503, 'A part of the market does not answer'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof PROBLEMS;

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable; programs decide by it' }),
    detail: z.string().meta({ description: 'What is wrong and what to do' }),
    instance: z.string().optional().meta({ description: 'The id of the call, for support' }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Each field that does not fit' }),
  })
  .loose()
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** Builds the problem answer of a code. */
export function problem(code: ProblemCode, detail: string, more: Record<string, unknown> = {}): Problem {
  const [status, title] = PROBLEMS[code];
  return { type: `https://parley.example/problems/${code}`, title, status, code, detail, ...more };
}

/** Zod's issues as fields and sentences; the path `body.tiers.1.priceMicros` becomes `tiers[1].priceMicros`. */
export function fieldErrors(error: z.ZodError): { field: string; message: string }[] {
  return error.issues.slice(0, 50).map((issue) => ({
    field: issue.path.reduce<string>(
      (text, part) =>
        typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
      '',
    ),
    message: issue.message,
  }));
}
