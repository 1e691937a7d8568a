/** Availability rules as a form has them, and back. Pure. */
import type { AvailabilityRule } from '../../../../shared/dispatch/availability.ts';

type Hours = NonNullable<AvailabilityRule['hours']>;
/** `scope`: `all`, `channel:Phone`, `queue:<id>`. */
export type RuleValue = { scope: string; concurrent: number | null; hours: Hours | null };

export const ruleValueOf = ({ channel, queue, concurrent, hours }: AvailabilityRule): RuleValue => ({
  scope: queue !== undefined ? `queue:${queue}` : channel !== undefined ? `channel:${channel}` : 'all',
  concurrent: concurrent ?? null,
  hours: hours ?? null,
});

export function ruleOf({ scope, concurrent, hours }: RuleValue): AvailabilityRule {
  const name = scope.slice(scope.indexOf(':') + 1);
  return {
    ...(scope.startsWith('channel:') ? { channel: name } : {}),
    ...(scope.startsWith('queue:') ? { queue: name } : {}),
    ...(concurrent === null ? {} : { concurrent }),
    ...(hours === null ? {} : { hours }),
  };
}

/** The first scope that has no rule yet; undefined where each has one. */
export const freeScope = (rules: readonly RuleValue[], scopes: readonly string[]): string | undefined =>
  scopes.find((scope) => rules.every((rule) => rule.scope !== scope));
