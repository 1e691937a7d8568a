/** The stops of a walk for who is signed in. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { screens } from '../../app/screens.ts';
import type { Door } from '../../app/tour.ts';
import { useRoles } from '../../auth/session.ts';
import { ROLE_OF, stopsOf } from './stops.ts';

/** Without a role the stops are those of whom the walk is for. */
export function useStops(door: Door) {
  const mine = useRoles();
  const roles = mine.includes(ROLE_OF[door]) ? mine : [ROLE_OF[door]];
  return useQuery({
    queryKey: ['stops', door, roles],
    queryFn: () => stopsOf(door, screens, roles, () => call('get', '/v1/queues', { query: { limit: 100 } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
