/**
 * Split credit: what a program gets that worked a request and handed it on, where a person finished it. The price the
 * company pays does not change; the finisher's bid price is shared, by `splitBps` of the terms the round opened with.
 */
import type { ProviderKind } from '../bid/bid.ts';
import { shareBps, splitByLargestRemainder } from '../kernel/money.ts';

/** An earlier turn of the same request. */
export type EarlierTurn = {
  provider: string;
  kind: ProviderKind | null;
  /** Whether the provider itself escalated it; a turn that ended by 'a person please' was refused by the customer. */
  handedOn: boolean;
  /** Whether a heartbeat had carried progress: a message sent, a step done. */
  hadProgress: boolean;
};

export type Finisher = { provider: string; kind: ProviderKind | null };

/** The programs that share in a resolution, in order of id. None where a program finished it, or finished alone. */
export function sharers(finisher: Finisher, earlier: readonly EarlierTurn[]): string[] {
  if (finisher.kind === 'automation') return [];
  const programs = earlier.filter(
    (turn) => turn.kind === 'automation' && turn.handedOn && turn.hadProgress && turn.provider !== finisher.provider,
  );
  return [...new Set(programs.map((turn) => turn.provider))].sort();
}

/**
 * Shares b (micro-units), what is paid for a resolution: ⌊b·splitBps/10⁴⌋ to the programs, equally, in whole micro-units
 * by largest remainder, ties by id; the rest to the finisher. The parts sum to b.
 */
export function splitCredit(
  bidMicros: number,
  programs: readonly string[],
  splitBps: number,
): { finisherMicros: number; programs: { provider: string; micros: number }[] } {
  if (programs.length === 0) return { finisherMicros: bidMicros, programs: [] };
  const shared = shareBps(bidMicros, splitBps);
  const parts = splitByLargestRemainder(shared, new Map(programs.map((provider) => [provider, 1])));
  return {
    finisherMicros: bidMicros - shared,
    programs: [...parts].flatMap(([provider, micros]) => (micros === 0 ? [] : [{ provider, micros: Number(micros) }])),
  };
}
