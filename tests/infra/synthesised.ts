/** The CDK app's templates as tests read them: built in this process, into a folder that is removed afterwards. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { type Bundled, bundle } from '../../infra/stacks/bundle.ts';
import { buildApp } from '../../infra/stacks/parley.ts';
import type { FunctionName } from '../../infra/topology.ts';

export const STAGE = 'check';
const ROOT = new URL('../../', import.meta.url);

export type Resource = { id: string; properties: Record<string, unknown>; deletionPolicy: string | undefined };
export type Statement = { Effect: string; Action: string[]; Resource: string[]; Condition?: unknown };

export class Synthesised {
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-synth-'));
  readonly state: Template;
  readonly service: Template;
  readonly bundles: ReturnType<typeof buildApp>['bundles'];

  /** Builds the app with the context of `cdk.json`, as the command line does; without the functions' code where not asked. */
  constructor(options: { context?: Record<string, unknown>; withCode?: boolean } = {}) {
    const { context: configured } = z
      .object({ context: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(readFileSync(new URL('cdk.json', ROOT), 'utf8')));
    const context = { ...configured, stage: STAGE, ...options.context };
    const built = buildApp({ outdir: this.folder, context }, options.withCode === true ? bundle : placeholders);
    this.state = Template.fromStack(built.state);
    this.service = Template.fromStack(built.service);
    stateOf.set(this.service, this.state);
    this.bundles = built.bundles;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What the user pool asks stands in the state stack, beside it. */
const stateOf = new WeakMap<Template, Template>();
const homesOf = (service: Template): Template[] => [service, stateOf.get(service) ?? service];

/** All resources of a type in the stacks that have functions. */
export const resourcesAround = (service: Template, type: string): Resource[] =>
  homesOf(service).flatMap((template) => resourcesOf(template, type));

/** Stands in for the bundler: a folder with nothing in it but a line. */
const placeholders: typeof bundle = (files, into) => {
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, 'index.mjs'), '// Not bundled for this test.\n');
  const names = Object.keys(files) as (keyof typeof files)[];
  const code: Bundled = { folder: into, bytes: 0, hasSolver: false, hasModel: false, hasStripe: false };
  return Object.fromEntries(names.map((name) => [name, code])) as Record<keyof typeof files, Bundled>;
};

/** All resources of a type, in the order of their ids. */
export function resourcesOf(template: Template, type: string): Resource[] {
  return Object.entries(template.findResources(type)).map(([id, found]) => ({
    id,
    properties: (found.Properties ?? {}) as Record<string, unknown>,
    deletionPolicy: found.DeletionPolicy as string | undefined,
  }));
}

/** The deployed function of a name of the topology. */
export function functionOf(service: Template, name: FunctionName): Resource {
  const found = resourcesAround(service, 'AWS::Lambda::Function').find(
    ({ properties }) => properties.FunctionName === `parley-${STAGE}-${name}`,
  );
  if (found === undefined) throw new Error(`no function ${name} was synthesised`);
  return found;
}

/** The environment of a function; values that deployment fills in are objects. */
export function environmentOf(service: Template, name: FunctionName): Record<string, unknown> {
  const { Environment } = functionOf(service, name).properties as {
    Environment: { Variables: Record<string, unknown> };
  };
  return Environment.Variables;
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
/** A resource of a statement as text; references become the ids they name. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The statements of a policy document, with lists where a template may have single values. */
export function statementsOf(document: unknown): Statement[] {
  const { Statement } = document as { Statement: Record<string, unknown>[] };
  return Statement.map((statement) => ({
    Effect: String(statement.Effect),
    Action: asList(statement.Action).map(String),
    Resource: asList(statement.Resource).map(textOf),
    Condition: statement.Condition,
  }));
}

/** What a function's role allows. */
export const grantsOf = (service: Template, name: FunctionName): Statement[] =>
  statementsOn(service, name).filter(({ Effect }) => Effect === 'Allow');

/** What a function's role forbids, whatever else it allows. */
export const denialsOf = (service: Template, name: FunctionName): Statement[] =>
  statementsOn(service, name).filter(({ Effect }) => Effect === 'Deny');

function statementsOn(service: Template, name: FunctionName): Statement[] {
  const role = (functionOf(service, name).properties.Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0];
  return resourcesAround(service, 'AWS::IAM::Policy')
    .filter(({ properties }) => (properties.Roles as { Ref: string }[]).some(({ Ref }) => Ref === role))
    .flatMap(({ properties }) => statementsOf(properties.PolicyDocument));
}
