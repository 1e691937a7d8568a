/** The organisations one belongs to, by name. */
import { useQuery } from '@tanstack/react-query';
import { accessToken } from '../auth/session.ts';

/** The name of an organisation one belongs to; its id until that is read. */
export function useOrganisationName(organisation: string | null): string {
  const { data } = useQuery({
    queryKey: ['name of', organisation],
    queryFn: async () => {
      const headers = { authorization: `Bearer ${await accessToken()}`, 'parley-organisation': organisation ?? '' };
      const answer = await fetch('/v1/organisation', { headers });
      if (!answer.ok) throw new Error(`GET /v1/organisation answered ${answer.status}`);
      return ((await answer.json()) as { name: string }).name;
    },
    staleTime: Number.POSITIVE_INFINITY,
    enabled: organisation !== null,
  });
  return data ?? organisation ?? '';
}
