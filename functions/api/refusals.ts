/** Refusals that several of a provider's calls share. */
import { refuse } from '../../shared/kernel/result.ts';

export const NOT_APPROVED = refuse(
  'organisation_not_approved',
  'The market has not approved your organisation yet; GET /v1/organisation shows its status.',
);
