/** Refusals that several functions answer. */
import { refuse } from '../../shared/kernel/result.ts';

export const NOT_APPROVED = refuse(
  'organisation_not_approved',
  'The market has not approved your company for money yet; GET /v1/organisation shows its status.',
);
