/** One's own commitments, with what follows from them. */
import type { OwnCommitment } from '../../../../shared/award/own-list.ts';
import { usePages } from '../../api/use-api.ts';
import type { Pages } from '../../api/use-list.ts';

/** The newest hundred, those of the rounds that begin last first. */
export const useCommitments = (): Pages<OwnCommitment> => usePages('/v1/commitments', { query: { limit: 100 } });

/** The queues of some commitments, each once, in their order. */
export const queuesOf = (all: readonly OwnCommitment[]): string[] => [
  ...new Set(all.map(({ commitment }) => commitment.queue)),
];

/** Those whose round runs now. */
export const running = (all: readonly OwnCommitment[]): OwnCommitment[] =>
  all.filter(({ round }) => round.state === 'active');
