/** A company's working hours, by which its deadlines are counted: `N#<company>` / `-` for all its queues, `<queue>` for one. */
import * as z from 'zod';
import { cachePerOwner, FORGOTTEN_AT_WRITES } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import type { Key } from '../kernel/table.ts';
import { type CompanyHours, OpeningHours } from './calendar.ts';

const MOST_CALENDARS = 1_000;
const ALL_QUEUES = '-';

const hoursKey = (company: string, queue: string | null): Key => ({ pk: `N#${company}`, sk: queue ?? ALL_QUEUES });
const Stored = z.object({ sk: z.string(), hours: OpeningHours });

const calendars = cachePerOwner<CompanyHours[]>(10_000, FORGOTTEN_AT_WRITES);

/** All hours that a company stated; at most five seconds old. */
export async function readCompanyHours(call: Call, company: string): Promise<CompanyHours[]> {
  return calendars(call.tables.owner).get(company, async () => {
    const stored = await call.tables.queryAll('market', Stored, { pk: `N#${company}` }, MOST_CALENDARS);
    return stored.map(({ sk, hours }) => ({ queue: sk === ALL_QUEUES ? null : sk, hours }));
  });
}

/** The hours that count for a company's requests in a queue; null where it stated none: plain time counts. */
export async function hoursOf(call: Call, company: string, queue: string): Promise<OpeningHours | null> {
  const all = await readCompanyHours(call, company);
  return (all.find((one) => one.queue === queue) ?? all.find((one) => one.queue === null))?.hours ?? null;
}

/** States a company's hours for all its queues or for one. They count for requests that are accepted or reopened from then on. */
export async function putCompanyHours(
  call: Call,
  company: string,
  queue: string | null,
  hours: OpeningHours,
): Promise<void> {
  await call.tables.put('market', { ...hoursKey(company, queue), hours, at: call.now });
  calendars(call.tables.owner).forget(company);
}

/** Takes hours back. Doing it again changes nothing. */
export async function deleteCompanyHours(call: Call, company: string, queue: string | null): Promise<void> {
  await call.tables.delete('market', hoursKey(company, queue));
  calendars(call.tables.owner).forget(company);
}
