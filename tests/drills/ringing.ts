/** Which alarms a drill makes ring, by what `infra/alarms.ts` says that each looks at. */
import { type AlarmName, type AlarmSpec, alarms } from '../../infra/alarms.ts';
import type { TableId } from '../../shared/kernel/table.ts';
import type { TestEdge } from '../support/edge.ts';

/** What was seen of a drill: lines of the functions' logs, and what AWS itself would have counted. */
export type Seen = {
  lines: TestEdge['lines'];
  deadLetters?: number;
  /** Functions' runs that ended in an error. */
  failedRuns?: number;
  /** Tables that turned calls away. */
  turnedAway?: readonly TableId[];
  /** Status of every answer of the API. */
  statuses?: readonly number[];
};

/** The alarms of which a single measure stands above its bound, by name; for how long it must is left out. */
export function ringing(seen: Seen): AlarmName[] {
  return (Object.entries(alarms) as [AlarmName, AlarmSpec][])
    .filter(([, { watched, above }]) => measureOf(watched, seen) > above)
    .map(([name]) => name)
    .sort();
}

function measureOf(watched: AlarmSpec['watched'], seen: Seen): number {
  const { lines, deadLetters = 0, failedRuns = 0, turnedAway = [], statuses = [] } = seen;
  switch (watched.kind) {
    case 'gauge':
      return Math.max(0, ...lines.map(({ fields }) => gaugesOf(fields)[watched.gauge] ?? 0));
    case 'logged':
      return lines.filter(({ fields }) => watched.alarms.includes(String(fields.alarm))).length;
    case 'dead-letters':
      return deadLetters;
    case 'throttles':
      return turnedAway.includes(watched.table) ? 1 : 0;
    case 'functions':
      return failedRuns;
    case 'api-5xx':
      return statuses.length === 0 ? 0 : (100 * statuses.filter((status) => status >= 500).length) / statuses.length;
    default:
      return 0;
  }
}

const gaugesOf = (fields: Record<string, unknown>): Record<string, number> =>
  (fields.gauges ?? {}) as Record<string, number>;
