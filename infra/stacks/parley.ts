/** Puts the app together: a stage's stacks, from the topology. Needs no account and no network. */
import { join } from 'node:path';
import { App, type AppProps, Tags } from 'aws-cdk-lib';
import { type FunctionName, functions } from '../topology.ts';
import { type Bundled, bundle } from './bundle.ts';
import { check } from './checks.ts';
import { EdgeStack } from './edge.ts';
import { ServiceStack } from './service.ts';
import { EDGE_REGION, stageOf } from './stage.ts';
import { StateStack } from './state.ts';
import { WatchStack } from './watch.ts';
import { stageWeb } from './web-files.ts';

export type Parley = {
  app: App;
  state: StateStack;
  service: ServiceStack;
  edge: EdgeStack;
  watch: WatchStack;
  /** What each function's code became. */
  bundles: Readonly<Record<FunctionName, Bundled>>;
};

type Bundle = typeof bundle;

export type BuildOptions = {
  /** The folder of the built web app. */
  web: string;
  /** Tests of templates give a bundler that does less. */
  bundleWith?: Bundle;
  /** Whether CDK and `checks.ts` look at the templates; else they are only made. */
  isChecked?: boolean;
};

/** The app of the stage that the context names (`-c stage=dev`, also the default), with all that it deploys in its output folder. */
export function buildApp(props: AppProps, { web: built, bundleWith = bundle, isChecked = true }: BuildOptions): Parley {
  const looks = { builtinCloudFormationValidation: isChecked };
  const app = new App({ analyticsReporting: false, treeMetadata: false, ...looks, ...props });
  const stage = stageOf(app.node);
  const bundles = bundleWith(filesOf(functions), join(app.outdir, 'bundles'));
  const web = stageWeb(built, join(app.outdir, 'web'), bundles.site.folder);
  const env = { region: stage.region };
  const state = new StateStack(app, `parley-${stage.name}-state`, { stage, env, claims: bundles['token-claims'] });
  const service = new ServiceStack(app, `parley-${stage.name}-service`, { stage, env, state, bundles });
  const edge = new EdgeStack(app, `parley-${stage.name}-edge`, {
    stage,
    env: { region: EDGE_REGION },
    state,
    apiId: service.api.id,
    site: bundles.site,
    web,
  });
  const watch = new WatchStack(app, `parley-${stage.name}-watch`, { stage, env, apiId: service.api.id });
  Tags.of(app).add('parley:stage', stage.name);
  if (isChecked) check(app);
  return { app, state, service, edge, watch, bundles };
}

const filesOf = <Name extends string>(specs: Record<Name, { file: string }>): Record<Name, string> =>
  Object.fromEntries(Object.entries<{ file: string }>(specs).map(([name, { file }]) => [name, file])) as Record<
    Name,
    string
  >;
