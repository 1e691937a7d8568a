/** Refusals that name the fields of a call that do not fit. */
import type { FieldError } from '../../shared/kernel/fields.ts';
import { type Refusal, refuse } from '../../shared/kernel/result.ts';

export type FieldRefusal = Refusal<'invalid_request'> & { readonly errors: readonly FieldError[] };

/** Refuses a call for its fields: 400 `invalid_request` with each field and what to do. */
export function refuseFields(errors: readonly FieldError[]): FieldRefusal {
  const names = [...new Set(errors.map((e) => e.field))];
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
  return { ...refuse('invalid_request', `Change what does not fit: ${shown}. Each is explained in 'errors'.`), errors };
}

/** The fields of a refusal, where it has any. */
export function fieldErrorsOf(refusal: Refusal): readonly FieldError[] | undefined {
  return (refusal as Partial<FieldRefusal>).errors;
}
