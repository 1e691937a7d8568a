/** The steps from the month before to now, each where the one before it ends. Pure. */
import type { Variance } from '../../../../shared/invoice/variance.ts';

export type StepName = 'before' | 'volume' | 'mix' | 'price' | 'other' | 'after';
/** `fromMicros`–`toMicros` is what a bar covers; `micros` what the step adds. */
export type Step = { name: StepName; micros: number; fromMicros: number; toMicros: number };

export function stepsOf(of: Variance): Step[] {
  const changes: readonly [StepName, number][] = [
    ['volume', of.volumeMicros],
    ['mix', of.mixMicros],
    ['price', of.priceMicros],
    ['other', of.otherMicros],
  ];
  let at = of.beforeMicros;
  const steps: Step[] = [{ name: 'before', micros: at, fromMicros: 0, toMicros: at }];
  for (const [name, micros] of changes) {
    steps.push({ name, micros, fromMicros: Math.min(at, at + micros), toMicros: Math.max(at, at + micros) });
    at += micros;
  }
  return [...steps, { name: 'after', micros: of.afterMicros, fromMicros: 0, toMicros: of.afterMicros }];
}
