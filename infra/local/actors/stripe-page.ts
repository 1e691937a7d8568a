/**
 * What a person does on a page of Stripe that the market led to: an actor finds the page by its address and presses a button
 * of it. The stand-in's pages have buttons; Stripe itself is never acted on.
 */
import { CallRefused } from './calls.ts';

export type StripePage = { origin: string; path: string };

/** Where the address of a page leads; only pages of this machine can be acted on. */
export function stripePage(url: string): StripePage {
  const { origin, pathname, hostname } = new URL(url);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost')
    throw new CallRefused('open a page at Stripe', 0, 'not_the_stand_in', `${origin} is not the stand-in's`);
  return { origin, path: pathname };
}

/** Presses a button: an action of the stand-in. Answers what it changed. */
export async function press(
  origin: string,
  action: string,
  params: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const answer = await fetch(`${origin}/local/actions/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  const said = (await answer.json()) as Record<string, unknown>;
  if (answer.ok) return said;
  throw new CallRefused(action, answer.status, 'stand_in_refused', JSON.stringify(said).slice(0, 300));
}
