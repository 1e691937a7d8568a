/** Who is meant by an id, where the API says so. */
import { useSignedIn } from '../../auth/session.ts';
import { ProviderName, useReputation } from '../company-parts/provider.tsx';
import { t } from './messages.en.ts';

export const OrganisationName = ProviderName;

/** The name of an organisation; its id until that is read. */
export const useOrganisation = (id: string): string => useReputation(id)?.name ?? id;

export function PersonName({ id }: { id: string | null }) {
  const { user } = useSignedIn();
  return <span title={id ?? undefined}>{id === user ? t('you') : (id ?? '–')}</span>;
}
