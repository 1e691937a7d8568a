/** What watches a stage: the alarms of `infra/alarms.ts`, whom they wake, and one page that shows it all. Replaceable. */
import { Stack, type StackProps } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarm,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type AlarmName, type AlarmSpec, alarmName, alarms } from '../alarms.ts';
import { type FunctionName, functions } from '../topology.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { addDashboard } from './dashboard.ts';
import { Measures } from './measures.ts';
import { failureAlarm, failureAlarmName } from './release.ts';
import type { Stage } from './stage.ts';

export type WatchStackProps = StackProps & { stage: Stage; apiId: string };

const specs = Object.entries<AlarmSpec>(alarms) as [AlarmName, AlarmSpec][];
const RUNBOOK = 'infra/RUNBOOK.md';

export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, { stage, apiId, ...props }: WatchStackProps) {
    super(scope, id, { description: 'Parley: alarms and the dashboard', ...props });
    const topic = new AlarmTopic(this, 'Alarms', stage);
    const measures = new Measures(stage, apiId);
    const made = specs.flatMap(([name, spec]) => {
      // The edge watches itself: its metrics are where it is.
      if (spec.watched.kind === 'edge-5xx') return [];
      const alarm =
        spec.watched.kind === 'functions'
          ? this.alarmOfAlarms(name, spec, stage)
          : addAlarm(this, stage, name, measures.watchedBy(spec));
      alarm.addAlarmAction(topic.action);
      alarm.addOkAction(topic.action);
      return [alarm];
    });
    addDashboard(this, stage, measures, made);
  }

  /** Rings when that of any function does. Those alone wake nobody: they take new code back. */
  private alarmOfAlarms(name: AlarmName, spec: AlarmSpec, stage: Stage): CompositeAlarm {
    const names = (Object.keys(functions) as FunctionName[]).filter((one) => functions[one].trigger.kind !== 'site');
    const rules = names.map((one) => AlarmRule.fromAlarm(this.alarmOf(one, stage), AlarmState.ALARM));
    return new CompositeAlarm(this, `Alarm-${name}`, {
      compositeAlarmName: alarmName(stage.name, name),
      alarmDescription: described(name, spec),
      alarmRule: AlarmRule.anyOf(...rules),
    });
  }

  /** That of a function stands beside it, where it decides over new code; the user pool's has none of its own. */
  private alarmOf(name: FunctionName, stage: Stage): IAlarm {
    if (functions[name].trigger.kind === 'token') return failureAlarm(this, stage, name);
    return Alarm.fromAlarmName(this, `Fails-${name}`, failureAlarmName(stage.name, name));
  }
}

/** The alarm of a name over a metric. */
export function addAlarm(scope: Construct, stage: Stage, name: AlarmName, metric: IMetric): Alarm {
  const spec: AlarmSpec = alarms[name];
  return new Alarm(scope, `Alarm-${name}`, {
    alarmName: alarmName(stage.name, name),
    alarmDescription: described(name, spec),
    metric,
    threshold: spec.above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: spec.periods,
    treatMissingData: spec.silenceRings === true ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
}

const described = (name: AlarmName, { says }: AlarmSpec): string => `${says} What to do: ${RUNBOOK}, '${name}'.`;
