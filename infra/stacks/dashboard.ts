/** One page that shows a stage: what rings, how the API answers, how late work is, queues, tables. */
import { Duration, type Stack } from 'aws-cdk-lib';
import {
  type AlarmBase,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  PeriodOverride,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { TableId } from '../../shared/kernel/table.ts';
import { GAUGES } from '../../shared/operations/gauge.ts';
import { queues, tables } from '../topology.ts';
import type { Measures } from './measures.ts';
import type { Stage } from './stage.ts';

const HALF = 12;
const HEIGHT = 6;

export function addDashboard(scope: Stack, stage: Stage, measures: Measures, alarms: readonly AlarmBase[]): Dashboard {
  const queueNames = Object.keys(queues) as (keyof typeof queues)[];
  const tableIds = Object.keys(tables) as TableId[];
  const api = (name: 'Count' | '4xx' | '5xx') => measures.api(name, Stats.SUM);
  const latencies = [50, 90, 99].map((percent) => measures.api('Latency', Stats.p(percent)));
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: `parley-${stage.name}`,
    defaultInterval: Duration.hours(12),
    periodOverride: PeriodOverride.AUTO,
    widgets: [
      [new AlarmStatusWidget({ title: 'What rings', alarms: [...alarms], width: 2 * HALF, height: 4 })],
      [graph('Calls', [api('Count')], [api('4xx'), api('5xx')]), graph('Answers after, ms', latencies)],
      [
        graph(
          'How late work is, s',
          GAUGES.map((gauge) => measures.gauge(gauge)),
        ),
        graph(
          'Dead letters',
          queueNames.map((queue) => measures.deadLetters(queue)),
        ),
      ],
      [
        graph(
          'Oldest message, s',
          queueNames.map((queue) => measures.oldestMessage(queue)),
        ),
        graph(
          'Calls turned away by tables',
          tableIds.flatMap((table) => measures.throttles(table)),
        ),
      ],
      [
        graph(
          'Units read',
          tableIds.map((table) => measures.consumed(table, 'ConsumedReadCapacityUnits')),
        ),
        graph(
          'Units written',
          tableIds.map((table) => measures.consumed(table, 'ConsumedWriteCapacityUnits')),
        ),
      ],
    ],
  });
}

const graph = (title: string, left: IMetric[], right: IMetric[] = []): GraphWidget =>
  new GraphWidget({ title, left, right, width: HALF, height: HEIGHT });
