/** The CDK app: `npm run synth`, `npm run deploy -- --stage dev`. What it deploys stands in `topology.ts`. */
import { builtWeb } from './local/web-build.ts';
import { buildApp } from './stacks/parley.ts';

const web = await builtWeb((text) => console.error(text));
buildApp({}, { web }).app.synth();
