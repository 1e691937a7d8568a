/** The demo's incident, as a company's program would handle it: requests with one cause, linked and told at once. */
import { dataOf } from '../../../shared/client/client.ts';
import { HOUR, iso } from '../../../shared/kernel/time.ts';
import type { Member } from '../actors/directory.ts';

const SAID = [
  'I was charged twice this month.',
  'There are two payments on my card for the same bill.',
  'Why did you take the money twice?',
  'My payment was charged twice, please send one back.',
];

/** Sends the requests, declares the incident and links them. Repeating it changes nothing. */
export async function showIncident({ client }: Member, until: number): Promise<void> {
  const { items } = await dataOf(client.GET('/v1/queues', { params: { query: { limit: 100 } } }));
  const queue = items.find(
    ({ serviceClass: { category, channel } }) => category === 'Billing' && channel === 'Web',
  )?.id;
  if (queue === undefined) return;
  for (const [n, text] of SAID.entries()) {
    const externalId = `charged-twice-${n + 1}`;
    await dataOf(
      client.POST('/v1/requests', { body: { externalId, queue, customer: `${externalId}@mail.example`, text } }),
    );
  }
  const incident = await dataOf(
    client.POST('/v1/incidents', {
      body: {
        externalId: 'charged-twice',
        queues: [queue],
        title: 'Some payments were taken twice',
        words:
          'Our payment provider took some payments twice this morning. The second one goes back to you by itself within three days; you need not do anything.',
        since: iso(until - HOUR),
      },
    }),
  );
  if (incident.run !== null) return;
  const body = { by: 'since', since: iso(until - HOUR), search: 'twice' } as const;
  await dataOf(client.POST('/v1/incidents/{incident}/links', { params: { path: { incident: incident.id } }, body }));
}
