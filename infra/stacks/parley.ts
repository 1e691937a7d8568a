/** Puts the app together: a stage's stacks, from the topology. Needs no account and no network. */
import { join } from 'node:path';
import { App, type AppProps, Tags } from 'aws-cdk-lib';
import { type FunctionName, functions } from '../topology.ts';
import { type Bundled, bundle } from './bundle.ts';
import { ServiceStack } from './service.ts';
import { stageOf } from './stage.ts';
import { StateStack } from './state.ts';

export type Parley = {
  app: App;
  state: StateStack;
  service: ServiceStack;
  /** What each function's code became. */
  bundles: Readonly<Record<FunctionName, Bundled>>;
};

type Bundle = typeof bundle;

/**
 * The app of the stage that the context names (`-c stage=dev`, also the default), with all functions bundled into its
 * output folder. Tests of templates give a bundler that does less.
 */
export function buildApp(props: AppProps = {}, bundleWith: Bundle = bundle): Parley {
  const app = new App({ analyticsReporting: false, treeMetadata: false, ...props });
  const stage = stageOf(app.node);
  const bundles = bundleWith(filesOf(functions), join(app.outdir, 'bundles'));
  const state = new StateStack(app, `parley-${stage.name}-state`, { stage, claims: bundles['token-claims'] });
  const service = new ServiceStack(app, `parley-${stage.name}-service`, { stage, state, bundles });
  Tags.of(app).add('parley:stage', stage.name);
  return { app, state, service, bundles };
}

const filesOf = <Name extends string>(specs: Record<Name, { file: string }>): Record<Name, string> =>
  Object.fromEntries(Object.entries<{ file: string }>(specs).map(([name, { file }]) => [name, file])) as Record<
    Name,
    string
  >;
