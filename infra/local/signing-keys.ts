/**
 * How a signing key is replaced while what it signed is out: the new one is added, so that every process opens what it signs before
 * any signs with it; then it is used; and the old one is dropped when nothing of it is left.
 */
import { base64url } from '../../shared/kernel/hash.ts';
import { readSigningKeys } from '../../shared/kernel/sign.ts';

export const STEPS = ['add', 'use', 'drop'] as const;
export type Step = (typeof STEPS)[number];

/** The keys after a step; `fresh` is 32 random bytes. Throws where the step before was not taken. */
export function nextKeys(keys: string, step: Step, fresh: Uint8Array<ArrayBuffer>): string {
  const all = readSigningKeys(keys).map(base64url);
  const newest = all.at(-1) ?? '';
  if (step === 'add') return [...all, base64url(fresh)].join(',');
  if (all.length < 2) throw new Error(`there is one key only: take the step 'add' first, and start every process anew`);
  if (step === 'use') return [newest, ...all.slice(0, -1)].join(',');
  return all.slice(0, -1).join(',');
}
