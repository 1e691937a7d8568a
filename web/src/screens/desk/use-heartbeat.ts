/** Keeps one's turns as long as the desk is open: beats by itself, and says whether anything was done in the open turn. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ParleyProblem } from '../../../../shared/client/client.ts';
import type { LeaseView } from '../../../../shared/dispatch/lease.ts';
import { call } from '../../api/call.ts';
import { beatEveryMs } from './order.ts';

const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

export type Heartbeat = {
  /** Turns in which nothing was done for longer than a lease: after two they end. */
  idle: ReadonlySet<string>;
  /** Why the last beat of a turn was refused; null where all were taken. */
  refusal: unknown;
};

/** `open` is the turn that is looked at: what is typed or clicked is progress there. */
export function useHeartbeat(turns: readonly LeaseView[], open: string): Heartbeat {
  const queries = useQueryClient();
  const [state, setState] = useState<Heartbeat>({ idle: new Set(), refusal: null });
  const now = useRef({ turns, open });
  now.current = { turns, open };
  const steps = useRef({ since: new Set<string>(), last: new Map<string, number>() });
  useEffect(() => {
    const note = () => {
      steps.current.since.add(now.current.open);
      steps.current.last.set(now.current.open, performance.now());
    };
    for (const sign of SIGNS) addEventListener(sign, note, { passive: true, capture: true });
    return () => {
      for (const sign of SIGNS) removeEventListener(sign, note, { capture: true });
    };
  }, []);
  const everyMs = beatEveryMs(turns);
  const hasTurns = turns.length > 0;
  useEffect(() => {
    if (!hasTurns) return undefined;
    const beat = async () => {
      const { since, last } = steps.current;
      steps.current.since = new Set();
      const held = now.current.turns;
      for (const { id } of held) if (!last.has(id)) last.set(id, performance.now());
      const answers = await Promise.allSettled(
        held.map(({ id }) =>
          call('post', '/v1/leases/{lease}/heartbeat', { path: { lease: id }, body: { progress: since.has(id) } }),
        ),
      );
      const refused = answers.find((answer) => answer.status === 'rejected');
      // A step that could not be told yet is told with the next beat.
      if (refused !== undefined && !(refused.reason instanceof ParleyProblem))
        for (const id of since) steps.current.since.add(id);
      const idle = held.filter(({ id, leaseMs }) => performance.now() - last.get(id)! > leaseMs);
      setState({ idle: new Set(idle.map(({ id }) => id)), refusal: refused?.reason ?? null });
      await queries.invalidateQueries({ queryKey: ['/v1/leases'] });
    };
    const timer = setInterval(() => void beat(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, hasTurns, queries]);
  return state;
}
