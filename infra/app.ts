/** The CDK app: `npm run synth`, `npx cdk deploy -c stage=dev --all`. What it deploys stands in `topology.ts`. */
import { buildApp } from './stacks/parley.ts';

buildApp().app.synth();
