/** What a message's last try failed of, `F#<message id>`: written once it failed again, read beside the dead letter. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import type { Key } from '../kernel/table.ts';

const MOST_CHARACTERS = 300;
const failureKey = (message: string): Key => ({ pk: `F#${message}`, sk: '-' });
const Failure = z.object({ pk: z.string(), cause: z.string() });

/** Keeps the first line of what went wrong. */
export async function noteFailure(call: Call, message: string, error: unknown): Promise<void> {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const cause = text.replaceAll(/\s+/g, ' ').slice(0, MOST_CHARACTERS);
  await call.tables.put('market', { ...failureKey(message), cause, at: call.now });
}

/** The causes of some messages, by message id. */
export async function readFailures(call: Call, messages: readonly string[]): Promise<Map<string, string>> {
  const found = await call.tables.getMany('market', messages.map(failureKey), Failure);
  return new Map([...found.values()].map((failure) => [failure.pk.slice(2), failure.cause]));
}

/** Forgets the causes of messages that were redriven. */
export async function forgetFailures(call: Call, messages: readonly string[]): Promise<void> {
  for (const message of messages) await call.tables.delete('market', failureKey(message));
}
