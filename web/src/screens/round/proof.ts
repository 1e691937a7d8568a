/** A round re-checked in this browser, in a worker of its own. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Check } from '../../../../shared/market/round-file/check.ts';
import type { PublicFile } from '../../../../shared/market/round-file/round-file.ts';
import { call } from '../../api/call.ts';
import { useSession } from '../../auth/session.ts';
import { t } from './messages.en.ts';

export type Task = { queue: string; round: number; own: unknown };
export type Step = 'reading' | 'checking' | 'solving';
export type Proof = {
  published: PublicFile;
  /** Of the published files. */
  checks: readonly Check[];
  /** Of one's own part; none where one had none, or is not signed in. */
  own: readonly Check[];
  isSound: boolean;
  /** The average price by pooled demand, from the published inputs; null where they are not published, or too many. */
  ladder: { committed: number; points: readonly { volume: number; priceMicros: number | null }[] } | null;
};
export type Answer = { step: Step } | { proof: Proof } | { failed: string };

/** Runs in a worker that ends with it. Throws where a file cannot be had or read. */
function prove(task: Task, onStep: (step: Step) => void, signal: AbortSignal): Promise<Proof> {
  const worker = new Worker(new URL('./proof.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Proof>((done, fail) => {
    signal.addEventListener('abort', () => fail(new Error('not wanted any more')));
    worker.onerror = (event) => fail(new Error(event.message || t('proof.notLoaded')));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if ('step' in data) onStep(data.step);
      else if ('proof' in data) done(data.proof);
      else fail(new Error(data.failed));
    };
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}

/** The check of a round that has begun, made once and kept; `enabled` false waits until it is wanted. */
export function useProof(queue: string, round: number, enabled: boolean) {
  const [step, setStep] = useState<Step>('reading');
  const party = useParty();
  const query = useQuery({
    queryKey: ['proof', queue, round, party],
    queryFn: async ({ signal }) => prove({ queue, round, own: await ownFile(queue, round, party) }, setStep, signal),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return { query, step };
}

type Party = 'company' | 'provider' | null;

function useParty(): Party {
  const session = useSession();
  if (session.status !== 'in') return null;
  if (session.roles.some((role) => role === 'company.admin' || role === 'company.finance')) return 'company';
  return session.roles.some((role) => role === 'provider.admin' || role === 'provider.finance') ? 'provider' : null;
}

/** One's own part of a round; null where one had none. */
async function ownFile(queue: string, round: number, party: Party): Promise<unknown> {
  if (party === null) return null;
  const path = { queue, round };
  try {
    return party === 'company'
      ? await call('get', '/v1/queues/{queue}/rounds/{round}/company-file', { path })
      : await call('get', '/v1/queues/{queue}/rounds/{round}/provider-file', { path });
  } catch {
    return null;
  }
}
