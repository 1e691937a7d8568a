/** What the registration form fills in, and what is sent. */
import type { RegistrationInput } from '../../../../shared/organisation/organisation.ts';

export type Kind = RegistrationInput['kind'];
export type ProviderKind = Extract<RegistrationInput, { kind: 'provider' }>['providerKind'];
export type Values = { kind: Kind; name: string; providerKind: ProviderKind };

/** A company has no kind of work. */
export const bodyOf = ({ kind, name, providerKind }: Values): RegistrationInput =>
  kind === 'company' ? { kind, name } : { kind, name, providerKind };

export const kindOf = (text: string): Kind => (text === 'provider' ? 'provider' : 'company');
