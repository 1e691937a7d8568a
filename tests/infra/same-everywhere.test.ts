/** Nothing exists in one place and not in the other: files, topology, registry, the CDK app, one machine. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadHandlers } from '../../infra/local/lambda.ts';
import { QUEUE_NAMES } from '../../infra/local/messages.ts';
import { definition, tableNames } from '../../infra/local/tables.ts';
import { queueName, tableName } from '../../infra/names.ts';
import { type FunctionName, type FunctionSpec, functions, queues, tables } from '../../infra/topology.ts';
import { matchRoute } from '../../shared/api/match.ts';
import { servedRoutes } from '../../shared/api/registry.ts';
import { functionOf, functionsByAlias, type Resource, resourcesOf, STAGE, Synthesised } from './synthesised.ts';

const ROOT = new URL('../../', import.meta.url);
const specs = Object.entries(functions) as [FunctionName, FunctionSpec][];
const deployedRoutes = servedRoutes.filter((route) => route.localOnly !== true);
const textOf = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');
const named = (resources: Resource[], property: string) =>
  new Map(resources.map(({ properties }) => [String(properties[property]), properties]));

let made: Synthesised;
beforeAll(() => {
  made = Synthesised.shared();
});

describe('files and topology', () => {
  it('every file under functions/ that exports a handler is in the topology, and the other way round', () => {
    const files = readdirSync(new URL('functions', ROOT), { recursive: true })
      .map((file) => `functions/${String(file)}`)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .filter((file) => /^export (?:const|(?:async )?function) handler\b/m.test(textOf(file)));
    expect(specs.map(([, { file }]) => file).sort()).toEqual(files.sort());
  });

  it('every function that a route names is in the topology, and the other way round', () => {
    const served = new Set(deployedRoutes.map((route) => `api-${route.function}`));
    const declared = specs.filter(([, { trigger }]) => trigger.kind === 'api').map(([name]) => name);
    expect([...served].sort()).toEqual(declared.sort());
  });

  it('every queue has exactly one consumer', () => {
    const consumed = specs.flatMap(([, { trigger }]) => (trigger.kind === 'queue' ? [trigger.queue] : []));
    expect(consumed.sort()).toEqual(Object.keys(queues).sort());
  });
});

/** The queue of a logical id, which has no hyphens. */
const queueNamed = (id: string | undefined) => Object.keys(queues).find((name) => name.replaceAll('-', '') === id);

describe('topology and CDK', () => {
  it("deploys the topology's tables with the keys and indexes that one machine makes", () => {
    const deployed = named(resourcesOf(made.state, 'AWS::DynamoDB::Table'), 'TableName');
    expect([...deployed.keys()].sort()).toEqual(Object.values(tableNames(STAGE)).sort());
    for (const [id, spec] of Object.entries(tables) as [keyof typeof tables, (typeof tables)['market']][]) {
      const { TableName, BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = definition(
        tableName(STAGE, id),
        spec,
      );
      expect(deployed.get(TableName ?? '')).toMatchObject({
        BillingMode,
        AttributeDefinitions: expect.toSatisfy(sameMembers(AttributeDefinitions)),
        KeySchema,
        GlobalSecondaryIndexes,
      });
    }
  });

  it("deploys the topology's queues, each with its dead-letter queue", () => {
    const expected = (Object.keys(queues) as (keyof typeof queues)[]).flatMap((queue) => [
      queueName(STAGE, queue),
      queueName(STAGE, queue, true),
    ]);
    expect([...named(resourcesOf(made.state, 'AWS::SQS::Queue'), 'QueueName').keys()].sort()).toEqual(expected.sort());
  });

  it("deploys the topology's functions with their memory and time", () => {
    const deployed = specs
      .map(([name]) => functionOf(made, name).properties)
      .map(({ FunctionName, Timeout, MemorySize }) => ({ name: FunctionName, timeout: Timeout, memory: MemorySize }));
    const expected = specs.map(([name, { timeoutSeconds, memoryMb }]) => ({
      name: `parley-${STAGE}-${name}`,
      timeout: timeoutSeconds,
      memory: memoryMb,
    }));
    expect(deployed).toEqual(expect.toSatisfy(sameMembers(expected)));
  });

  it('starts each scheduled function at its pace, and nothing else', () => {
    const live = functionsByAlias(made.service);
    const deployed = resourcesOf(made.service, 'AWS::Events::Rule').map(({ properties }) => ({
      name: properties.Name,
      pace: properties.ScheduleExpression,
      target: (properties.Targets as { Arn: { Ref: string } }[]).map(({ Arn }) => live.get(Arn.Ref)),
    }));
    const expected = specs.flatMap(([name, { trigger }]) => {
      if (trigger.kind !== 'schedule') return [];
      const { everyMinutes } = trigger;
      const pace = everyMinutes === 1 ? 'rate(1 minute)' : `rate(${everyMinutes} minutes)`;
      return [{ name: `parley-${STAGE}-${name}`, pace, target: [functionOf(made, name).id] }];
    });
    expect(deployed).toEqual(expect.toSatisfy(sameMembers(expected)));
  });

  it('feeds each queue to its consumer in batches of the same size, with partial failures', () => {
    const live = functionsByAlias(made.service);
    const deployed = resourcesOf(made.service, 'AWS::Lambda::EventSourceMapping').map(({ properties }) => ({
      consumer: live.get(/"Ref":"(\w+)"/.exec(JSON.stringify(properties.FunctionName))?.[1] ?? ''),
      queue: queueNamed(/Queue([a-z]+)/.exec(JSON.stringify(properties.EventSourceArn))?.[1]),
      size: properties.BatchSize,
      answers: properties.FunctionResponseTypes,
    }));
    const expected = specs.flatMap(([name, { trigger }]) => {
      if (trigger.kind !== 'queue') return [];
      const size = queues[trigger.queue].batchSize;
      const consumer = functionOf(made, name).id;
      return [{ consumer, queue: trigger.queue, size, answers: ['ReportBatchItemFailures'] }];
    });
    expect(deployed).toEqual(expect.toSatisfy(sameMembers(expected)));
  });

  it('routes every path of the registry that is not local to its function, and no other', () => {
    // The nested stack gets the aliases as parameters.
    const nested = resourcesOf(made.service, 'AWS::CloudFormation::Stack')[0]?.properties.Parameters as Record<
      string,
      { Ref: string }
    >;
    const live = functionsByAlias(made.service);
    const functionOfIntegration = new Map(
      resourcesOf(made.routes, 'AWS::ApiGatewayV2::Integration').map(({ id, properties }) => {
        const { Ref } = properties.IntegrationUri as { Ref: string };
        return [id, live.get(nested[Ref]?.Ref ?? '')];
      }),
    );
    const deployed = resourcesOf(made.routes, 'AWS::ApiGatewayV2::Route').map(({ properties }) => {
      const integration = /"Ref":"(\w+)"/.exec(JSON.stringify(properties.Target))?.[1] ?? '';
      return { route: properties.RouteKey, target: functionOfIntegration.get(integration) };
    });
    const expected = deployedRoutes.map((route) => ({
      route: `${route.method} ${route.path}`,
      target: functionOf(made, `api-${route.function}` as FunctionName).id,
    }));
    // Whatever else is asked for is answered by a function too, with a problem.
    expected.push({ route: '$default', target: functionOf(made, 'api-market').id });
    expect(deployed).toEqual(expect.toSatisfy(sameMembers(expected)));
    expect(functionOfIntegration.size, 'one integration for each function').toBe(
      new Set(deployedRoutes.map((route) => route.function)).size,
    );
  });
});

describe('topology and one machine', () => {
  it("loads the topology's functions", async () => {
    expect([...(await loadHandlers()).keys()].sort()).toEqual(Object.keys(functions).sort());
  });

  it("makes the topology's queues", () => {
    expect([...QUEUE_NAMES].sort()).toEqual(Object.keys(queues).sort());
  });

  it("finds every route of the registry, and its function's name is one of the topology", () => {
    for (const route of servedRoutes) {
      const found = matchRoute(route.method, route.path.replaceAll(/\{\w+\}/g, 'some-id'));
      expect(found, `${route.method} ${route.path}`).toMatchObject({ route: { id: route.id } });
      if (route.localOnly !== true) expect(Object.keys(functions)).toContain(`api-${route.function}`);
    }
  });

  it('runs what is due through the same code as the schedules', () => {
    const scheduled = specs.filter(([, { trigger }]) => trigger.kind === 'schedule');
    for (const [, { file }] of scheduled) expect(textOf(file), file).toMatch(/from '\.\.\/(?:sweeps|finance)\.ts'/);
    for (const carried of ['sweeps', 'finance'])
      expect(textOf('infra/local/market-parts.ts')).toContain(`import('../../functions/${carried}.ts')`);
  });
});

/** Equal but for the order of the list. */
function sameMembers(expected: readonly unknown[] | undefined): (actual: unknown) => boolean {
  const sorted = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort();
  return (actual) => {
    expect(sorted(actual as unknown[])).toEqual(sorted(expected ?? []));
    return true;
  };
}
