/** The CDK app's templates as tests read them: built in this process, into a folder that is removed afterwards. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { type Bundled, bundle } from '../../infra/stacks/bundle.ts';
import { buildApp } from '../../infra/stacks/parley.ts';
import type { FunctionName } from '../../infra/topology.ts';
import { PAGE_FILES } from '../../shared/api/web-page.ts';

export const STAGE = 'check';
export const ON_DUTY = 'duty@parley.example';
const ROOT = new URL('../../', import.meta.url);

export type Resource = { id: string; properties: Record<string, unknown>; deletionPolicy: string | undefined };
export type Statement = { Effect: string; Action: string[]; Resource: string[]; Condition?: unknown };

export class Synthesised {
  private static common: Synthesised | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-synth-'));
  readonly state: Template;
  readonly service: Template;
  /** The nested stack of the API and its routes. */
  readonly routes: Template;
  readonly edge: Template;
  readonly watch: Template;
  /** Every template. */
  readonly all: readonly Template[];
  readonly bundles: ReturnType<typeof buildApp>['bundles'];

  /** Builds the app with the context of `cdk.json`, as the command line does; without the functions' code where not asked. */
  constructor(options: { context?: Record<string, unknown>; withCode?: boolean; isChecked?: boolean } = {}) {
    const { context: configured } = z
      .object({ context: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(readFileSync(new URL('cdk.json', ROOT), 'utf8')));
    const context = { ...configured, stage: STAGE, alarmEmail: ON_DUTY, ...options.context };
    const { isChecked = false } = options;
    const bundleWith = options.withCode === true ? bundle : placeholders;
    const built = buildApp(
      { outdir: join(this.folder, 'out'), context },
      { web: webPlaceholder(join(this.folder, 'web')), bundleWith, isChecked },
    );
    this.state = Template.fromStack(built.state);
    this.service = Template.fromStack(built.service);
    this.routes = Template.fromStack(Stack.of(built.service.api));
    this.edge = Template.fromStack(built.edge);
    this.watch = Template.fromStack(built.watch);
    this.all = [this.state, this.service, this.routes, this.edge, this.watch];
    this.bundles = built.bundles;
  }

  /** One for all tests of a process that change nothing and need no code: making it takes seconds. */
  static shared(): Synthesised {
    if (Synthesised.common === undefined) {
      const common = new Synthesised();
      process.once('exit', () => common.remove());
      Synthesised.common = common;
    }
    return Synthesised.common;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Stands in for the bundler: a folder with nothing in it but a line. */
const placeholders: typeof bundle = (files, into) => {
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, 'index.mjs'), '// Not bundled for this test.\n');
  const names = Object.keys(files) as (keyof typeof files)[];
  const code: Bundled = { folder: into, bytes: 0, hasSolver: false, hasModel: false, hasStripe: false };
  return Object.fromEntries(names.map((name) => [name, code])) as Record<keyof typeof files, Bundled>;
};

/** Stands in for a build of the web app: its pages, a hashed file and a plain one. */
function webPlaceholder(folder: string): string {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  for (const file of [...Object.values(PAGE_FILES), 'icon.svg', 'assets/index-abc.js'])
    writeFileSync(join(folder, file), `${file} __NONCE__`);
  return folder;
}

/** All resources of a type, in the order of their ids. */
export function resourcesOf(template: Template, type: string): Resource[] {
  return Object.entries(template.findResources(type)).map(([id, found]) => ({
    id,
    properties: (found.Properties ?? {}) as Record<string, unknown>,
    deletionPolicy: found.DeletionPolicy as string | undefined,
  }));
}

/** The deployed function of a name of the topology. */
export function functionOf({ all }: Synthesised, name: FunctionName): Resource {
  const found = all
    .flatMap((template) => resourcesOf(template, 'AWS::Lambda::Function'))
    .find(({ properties }) => properties.FunctionName === `parley-${STAGE}-${name}`);
  if (found === undefined) throw new Error(`no function ${name} was synthesised`);
  return found;
}

/** The functions whose aliases something names, by the ids of the aliases. */
export function functionsByAlias(template: Template): ReadonlyMap<string, string> {
  return new Map(
    resourcesOf(template, 'AWS::Lambda::Alias').map(({ id, properties }) => [
      id,
      (properties.FunctionName as { Ref: string }).Ref,
    ]),
  );
}

/** The environment of a function; values that deployment fills in are objects. */
export function environmentOf(made: Synthesised, name: FunctionName): Record<string, unknown> {
  const { Environment } = functionOf(made, name).properties as {
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
export const grantsOf = (made: Synthesised, name: FunctionName): Statement[] =>
  statementsOn(made, name).filter(({ Effect }) => Effect === 'Allow');

/** What a function's role forbids, whatever else it allows. */
export const denialsOf = (made: Synthesised, name: FunctionName): Statement[] =>
  statementsOn(made, name).filter(({ Effect }) => Effect === 'Deny');

function statementsOn(made: Synthesised, name: FunctionName): Statement[] {
  const role = (functionOf(made, name).properties.Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0];
  return made.all
    .flatMap((template) => resourcesOf(template, 'AWS::IAM::Policy'))
    .filter(({ properties }) => (properties.Roles as { Ref: string }[]).some(({ Ref }) => Ref === role))
    .flatMap(({ properties }) => statementsOf(properties.PolicyDocument));
}
