/** What alarms and the dashboard look at, as CloudWatch knows it. Names are derived, so that nothing here ties stacks together. */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableId } from '../../shared/kernel/table.ts';
import type { Gauge } from '../../shared/operations/gauge.ts';
import type { AlarmSpec } from '../alarms.ts';
import { queueName, tableName } from '../names.ts';
import { queues, tables } from '../topology.ts';
import { metricNamespace } from './release.ts';
import type { Stage } from './stage.ts';

/** CloudWatch adds up so many metrics in one alarm at the most. */
const MOST_ADDED = 10;
const queueNames = Object.keys(queues) as (keyof typeof queues)[];

export class Measures {
  private readonly stage: Stage;
  private readonly apiId: string;

  constructor(stage: Stage, apiId: string) {
    this.stage = stage;
    this.apiId = apiId;
  }

  gauge(gauge: Gauge, period = Duration.minutes(5)): Metric {
    return this.own(gauge, {}, { statistic: Stats.MAXIMUM, period });
  }

  logged(alarm: string, period = Duration.minutes(5)): Metric {
    return this.own('Alarms', { Alarm: alarm }, { statistic: Stats.SUM, period });
  }

  queue(metricName: string, queue: keyof typeof queues, isDead: boolean, options: MetricOptions): Metric {
    const dimensionsMap = { QueueName: queueName(this.stage.name, queue, isDead) };
    return new Metric({ namespace: 'AWS/SQS', metricName, dimensionsMap, label: queue, ...options });
  }

  deadLetters(queue: keyof typeof queues, period = Duration.minutes(5)): Metric {
    return this.queue('ApproximateNumberOfMessagesVisible', queue, true, { statistic: Stats.MAXIMUM, period });
  }

  oldestMessage(queue: keyof typeof queues, period = Duration.minutes(5)): Metric {
    return this.queue('ApproximateAgeOfOldestMessage', queue, false, { statistic: Stats.MAXIMUM, period });
  }

  /** A table's calls that were turned away, and those of each of its indexes, which count apart. */
  throttles(table: TableId, period = Duration.minutes(5)): Metric[] {
    const places = [{}, ...Object.keys(tables[table].indexes).map((index) => ({ GlobalSecondaryIndexName: index }))];
    return places.flatMap((place) =>
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map(
        (metricName) =>
          new Metric({
            namespace: 'AWS/DynamoDB',
            metricName,
            dimensionsMap: { TableName: tableName(this.stage.name, table), ...place },
            statistic: Stats.SUM,
            period,
          }),
      ),
    );
  }

  consumed(table: TableId, metricName: 'ConsumedReadCapacityUnits' | 'ConsumedWriteCapacityUnits'): Metric {
    const dimensionsMap = { TableName: tableName(this.stage.name, table) };
    return new Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap, statistic: Stats.SUM, label: table });
  }

  api(metricName: 'Count' | '5xx' | '4xx' | 'Latency', statistic: string, period = Duration.minutes(5)): Metric {
    const dimensionsMap = { ApiId: this.apiId, Stage: '$default' };
    return new Metric({ namespace: 'AWS/ApiGateway', metricName, dimensionsMap, statistic, period });
  }

  /** What an alarm compares with its threshold. Not of `functions`, which is an alarm of alarms, nor of the edge's. */
  watchedBy({ watched, periodMinutes }: AlarmSpec): IMetric {
    const period = Duration.minutes(periodMinutes);
    switch (watched.kind) {
      case 'gauge':
        return this.gauge(watched.gauge, period);
      case 'logged':
        return added(
          '+',
          watched.alarms.map((alarm) => this.logged(alarm, period)),
          period,
        );
      case 'dead-letters':
        return added(
          '+',
          queueNames.map((queue) => this.deadLetters(queue, period)),
          period,
        );
      case 'oldest-message':
        return added(
          'MAX',
          queueNames.map((queue) => this.oldestMessage(queue, period)),
          period,
        );
      case 'throttles':
        return added('+', this.throttles(watched.table, period), period);
      case 'api-p99':
        return this.api('Latency', Stats.p(99), period);
      case 'api-5xx':
        return share(this.api('5xx', Stats.SUM, period), this.api('Count', Stats.SUM, period), period);
      case 'functions':
      case 'edge-5xx':
        throw new Error(`${watched.kind} has no metric here`);
    }
  }

  private own(metricName: string, dimensionsMap: Record<string, string>, options: MetricOptions): Metric {
    return new Metric({ namespace: metricNamespace(this.stage.name), metricName, dimensionsMap, ...options });
  }
}

/** The share of answers of 5xx among all that a distribution gave, in percent. CloudFront measures in its own region. */
export const edgeErrors = ({ distributionId }: { distributionId: string }, { periodMinutes }: AlarmSpec): Metric =>
  new Metric({
    namespace: 'AWS/CloudFront',
    metricName: '5xxErrorRate',
    dimensionsMap: { DistributionId: distributionId, Region: 'Global' },
    statistic: Stats.AVERAGE,
    period: Duration.minutes(periodMinutes),
  });

/** One number of several; what was not measured counts as nothing. */
function added(how: '+' | 'MAX', metrics: readonly Metric[], period: Duration): IMetric {
  if (metrics.length > MOST_ADDED)
    throw new Error(
      `an alarm adds up ${MOST_ADDED} metrics at the most, not ${metrics.length}: split it in infra/alarms.ts`,
    );
  const usingMetrics = Object.fromEntries(metrics.map((metric, i) => [`m${i}`, metric]));
  const parts = Object.keys(usingMetrics).map((id) => `FILL(${id}, 0)`);
  const expression = how === '+' ? parts.join(' + ') : `MAX([${parts.join(', ')}])`;
  return new MathExpression({ expression, usingMetrics, period });
}

const share = (part: Metric, all: Metric, period: Duration): IMetric =>
  new MathExpression({ expression: 'IF(all > 0, 100 * part / all, 0)', usingMetrics: { part, all }, period });
