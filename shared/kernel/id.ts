/** Names for things. Ids are opaque to callers; their prefix tells a person what they look at. */
import * as z from 'zod';
import { base64url } from './hash.ts';

/** `count` random bytes as base64url. */
export function randomToken(bytes: number): string {
  return base64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new organisation's id, such as `co_7k2m9x4q1z`: 50 random bits, short because it stands in every key. */
export function newOrganisationId(kind: 'company' | 'provider' | 'market'): string {
  const prefix = kind === 'company' ? 'co' : kind === 'provider' ? 'pr' : 'mk';
  return `${prefix}_${[...crypto.getRandomValues(new Uint8Array(10))].map((b) => ALPHABET[b & 31]).join('')}`;
}

export const OrganisationId = z
  .string()
  .regex(/^(co|pr|mk)_[0-9a-z]{4,20}$/)
  .meta({ description: "An organisation's id, such as co_7k2m9x4q1z" });
export const QueueId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/)
  .meta({ description: "A queue's id, such as mortgage-web-en-us-us-standard" });
export const RoundNumber = z
  .int()
  .min(1)
  .max(999_999)
  .meta({ description: "A round's number within its queue, from 1" });
export const ExternalId = z.string().min(1).max(200).meta({ description: "The company's own id for the request" });

/** Rounds sort as text in keys: six digits; 0, which is no round, is `-`. */
export const roundKey = (round: number): string => (round === 0 ? '-' : round.toString().padStart(6, '0'));
/** Milliseconds sort as text in keys: fifteen digits. What is before 1970 is its beginning: nothing here is older. */
export const timeKey = (ms: number): string => Math.max(0, ms).toString().padStart(15, '0');
