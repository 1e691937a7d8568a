/** What a customer is told of where the request stands, and what may be done there. */
import type { RequestState } from '../../../shared/request/request.ts';

/** The four steps that a customer knows; null where the request left the way. */
export type Step = 'received' | 'working' | 'answered' | 'closed';
export const STEPS: readonly Step[] = ['received', 'working', 'answered', 'closed'];

const STEP_OF: Readonly<Record<RequestState, Step | null>> = {
  queued: 'received',
  held_back: 'received',
  working: 'working',
  resolved: 'answered',
  confirmed: 'answered',
  assumed: 'answered',
  settled: 'closed',
  unserved: null,
  cancelled: null,
  linked: null,
};
export const stepOf = (state: RequestState): Step | null => STEP_OF[state];

const JUDGED: readonly RequestState[] = ['resolved', 'confirmed', 'assumed'];
const OPEN: readonly RequestState[] = ['queued', 'held_back', 'working'];

export type Offers = {
  /** Whether the page asks for a judgement: it does until one was given. */
  solved: boolean;
  notSolved: boolean;
  person: boolean;
  rating: boolean;
  receipt: boolean;
  message: boolean;
  erase: boolean;
};

/** What may be done in a state. Who had everything erased can only take the receipt along. */
export function offersOf(
  state: RequestState,
  facts: { erased: boolean; canRate: boolean; incident?: { comesBackUntil: string | null } | null },
): Offers {
  const isJudged = JUDGED.includes(state) && !facts.erased;
  const comesBack = (facts.incident?.comesBackUntil ?? null) !== null && !facts.erased;
  return {
    solved: isJudged && state !== 'confirmed',
    notSolved: isJudged || comesBack,
    person: isJudged || comesBack || (OPEN.includes(state) && !facts.erased),
    rating: facts.canRate,
    receipt: state === 'settled',
    message: !facts.erased,
    erase: !facts.erased,
  };
}

/** A length of time as people say it, in one unit, rounded away from a promise that is too good. */
export function roughly(seconds: number, language: string): string {
  const [value, unit] =
    seconds < 90
      ? ([Math.max(1, Math.ceil(seconds)), 'second'] as const)
      : seconds < 90 * 60
        ? ([Math.ceil(seconds / 60), 'minute'] as const)
        : seconds < 36 * 3_600
          ? ([Math.ceil(seconds / 3_600), 'hour'] as const)
          : ([Math.ceil(seconds / 86_400), 'day'] as const);
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
