/** Whoever is woken finds out why: each alarm exists, is heard, looks at something that is measured, and has its part of the runbook. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AlarmName, type AlarmSpec, alarmName, alarms } from '../../infra/alarms.ts';
import { queueName, tableName } from '../../infra/names.ts';
import { type FunctionName, functions, queues, tables } from '../../infra/topology.ts';
import { matchRoute } from '../../shared/api/match.ts';
import { GAUGES } from '../../shared/operations/gauge.ts';
import { environmentOf, ON_DUTY, type Resource, resourcesOf, STAGE, Synthesised, statementsOf } from './synthesised.ts';

const ROOT = new URL('../../', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');
const specs = Object.entries<AlarmSpec>(alarms) as [AlarmName, AlarmSpec][];
const TYPES = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'];

let made: Synthesised;
beforeAll(() => {
  made = Synthesised.shared();
}, 120_000);

function alarmOf(name: AlarmName): Resource | undefined {
  const all = [made.watch, made.edge].flatMap((template) => TYPES.flatMap((type) => resourcesOf(template, type)));
  return all.find(({ properties }) => properties.AlarmName === alarmName(STAGE, name));
}

describe('alarms', () => {
  it.each(specs)('%s rings above what it says, and wakes somebody', (name, spec) => {
    const properties = alarmOf(name)?.properties ?? {};
    expect(properties.AlarmDescription).toContain(spec.says);
    expect(properties.AlarmActions).toHaveLength(1);
    if (spec.watched.kind === 'functions') return;
    expect(properties).toMatchObject({
      Threshold: spec.above,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: spec.periods,
      TreatMissingData: spec.silenceRings === true ? 'breaching' : 'notBreaching',
    });
  });

  it('are those of the list, and the one that each function has for its own releases', () => {
    const found = made.all.flatMap((template) => TYPES.flatMap((type) => resourcesOf(template, type)));
    const names = found.map(({ properties }) => String(properties.AlarmName));
    const own = Object.keys(functions).map((name) => `parley-${STAGE}-${name}-fails`);
    expect(names.sort()).toEqual([...specs.map(([name]) => alarmName(STAGE, name)), ...own].sort());
  });

  it('of functions rings when any of them fails', () => {
    const rule = JSON.stringify(alarmOf('functions-fail')?.properties.AlarmRule);
    // One in the same template is named by its id.
    for (const name of Object.keys(functions) as FunctionName[])
      expect(
        rule.includes(`parley-${STAGE}-${name}-fails`) || rule.includes(`Fails${name.replaceAll('-', '')}`),
        name,
      ).toBe(functions[name].trigger.kind !== 'site');
  });

  it('look at every queue and its dead letters, every table and every index', () => {
    const [dead, old] = [textIn('dead-letters'), textIn('old-messages')];
    for (const queue of Object.keys(queues) as (keyof typeof queues)[]) {
      expect(dead).toContain(`"${queueName(STAGE, queue, true)}"`);
      expect(old).toContain(`"${queueName(STAGE, queue)}"`);
    }
    for (const [id, { indexes }] of Object.entries(tables) as [keyof typeof tables, (typeof tables)['market']][]) {
      const text = textIn(`throttles-${id}`);
      expect(text).toContain(`"${tableName(STAGE, id)}"`);
      for (const index of Object.keys(indexes)) expect(text).toContain(`"${index}"`);
    }
  });

  it('look only at measures that some function takes, and each measure has its alarm', () => {
    const taken = ['queue/sweeps', 'schedule/sweeps', 'schedule/rounds', 'schedule/finance'].map((file) =>
      textOf(`functions/${file}.ts`),
    );
    for (const gauge of GAUGES) expect(taken.join('\n')).toContain(`${gauge}:`);
    const watched = specs.flatMap(([, { watched: one }]) => (one.kind === 'gauge' ? [one.gauge] : []));
    expect(watched.sort()).toEqual([...GAUGES].sort());
  });

  it('look only for what some function logs, and for all that is logged as an alarm', () => {
    const sources = ['stripe-in', 'stripe-sweeps', 'reconciliation', 'finance', 'errands', 'webhooks', 'close'];
    const logged = sources.flatMap((file) =>
      [...textOf(`functions/${file}.ts`).matchAll(/\balarm: '([a-z_]+)'/g)].map(([, alarm]) => alarm ?? ''),
    );
    const watched = specs.flatMap(([, { watched: one }]) => (one.kind === 'logged' ? one.alarms : []));
    expect([...watched].sort()).toEqual([...new Set(logged)].sort());
  });

  it('find the metrics of their own stage, under the name that its functions write them', () => {
    for (const name of Object.keys(functions) as FunctionName[])
      expect(environmentOf(made, name).METRICS).toBe(`Parley/${STAGE}`);
    for (const [name, { watched }] of specs)
      if (watched.kind === 'gauge' || watched.kind === 'logged')
        expect(textIn(name), name).toContain(`"Namespace":"Parley/${STAGE}"`);
  });

  it('are heard: the topic is encrypted, by TLS only, and lets in the alarms of the stage and nobody else', () => {
    for (const template of [made.watch, made.edge]) {
      const [topic] = resourcesOf(template, 'AWS::SNS::Topic');
      expect(topic?.properties.KmsMasterKeyId).toBeDefined();
      const [policy] = resourcesOf(template, 'AWS::SNS::TopicPolicy');
      const statements = statementsOf(policy?.properties.PolicyDocument);
      expect(statements.map(({ Effect, Action }) => [Effect, Action])).toEqual([
        ['Deny', ['sns:Publish']],
        ['Allow', ['sns:Publish']],
      ]);
      expect(JSON.stringify(statements[0]?.Condition)).toContain('"aws:SecureTransport":"false"');
      expect(JSON.stringify(statements[1]?.Condition)).toContain(`alarm:parley-${STAGE}-*`);
      expect(resourcesOf(template, 'AWS::SNS::Subscription')).toMatchObject([
        { properties: { Protocol: 'email', Endpoint: ON_DUTY } },
      ]);
    }
  });
});

describe('the runbook', () => {
  it('has a part for each alarm, and none for what rings no more', () => {
    const parts = [...textOf('infra/RUNBOOK.md').matchAll(/^### `([a-z0-9-]+)`/gm)].map(([, name = '']) => name);
    expect(parts.sort()).toEqual(Object.keys(alarms).sort());
  });

  it('names only calls that the API has, and commands that there are', () => {
    const runbook = textOf('infra/RUNBOOK.md');
    const calls = [...runbook.matchAll(/`GET (\/v1\/[^`?]*)/g)].map(([, path = '']) =>
      path.replaceAll(/<\w+>/g, 'some-id'),
    );
    expect(calls.length).toBeGreaterThan(0);
    for (const path of calls) expect(matchRoute('GET', path), path).toMatchObject({ route: { method: 'GET' } });
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    for (const [, script = ''] of runbook.matchAll(/npm run ([\w:-]+)/g))
      expect(Object.keys(scripts)).toContain(script);
  });

  it('says of each what it means, where to look and what to do', () => {
    const [, ...parts] = textOf('infra/RUNBOOK.md').split(/^### /m);
    for (const part of parts)
      for (const says of ['**Means**', '**Look**', '**Do**']) expect(part, part.split('\n', 1)[0]).toContain(says);
  });
});

const textIn = (name: AlarmName): string => JSON.stringify(alarmOf(name)?.properties);
