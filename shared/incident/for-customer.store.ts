/** What the customer of a linked request reads of its incident. */
import type { Call } from '../kernel/call.ts';
import { iso } from '../kernel/time.ts';
import { comesBackUntil, type Head } from '../request/request.ts';
import { readIncident } from './incident.store.ts';
import type { IncidentForCustomer } from './incident.ts';

/** Null where the request is linked to none: nothing is read then. */
export async function forCustomer(call: Call, head: Head): Promise<IncidentForCustomer | null> {
  const until = comesBackUntil(head);
  if (until === null || head.incident === undefined) return null;
  const incident = await readIncident(call, head.incident);
  if (incident === undefined || incident.title === null || incident.words === null) return null;
  return {
    title: incident.title,
    words: incident.words,
    since: iso(incident.since),
    closedAt: incident.endedAt === null ? null : iso(incident.endedAt),
    closingWords: incident.closingWords,
    comesBackUntil: call.now < until ? iso(until) : null,
  };
}
