/**
 * `npm run deploy -- --stage <name>`: builds, checks and deploys a stage. Where it has no domain, CloudFront's name is known
 * only once its edge is there: then the rest is told, and deployed a second time.
 */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { EDGE_REGION } from '../stacks/stage.ts';
import { aws, run, stageNamed } from './stage-of-call.ts';

const HELP = `npm run deploy -- --stage NAME [what cdk deploy takes]

  Deploys state, service, edge and watch of a stage with the AWS credentials at hand. What differs
  between stages stands in cdk.json, under context.stages; see infra/README.md.

  --stage NAME     dev, staging, prod, …
  --help           this text

  npm run deploy -- --stage prod -c canary=off        a repair while an alarm rings
  npm run deploy -- --stage dev --require-approval never`;

const Stacks = z.object({
  Stacks: z.array(
    z.object({ Outputs: z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() })).optional() }),
  ),
});

process.exitCode = main(process.argv.slice(2));

function main(words: string[]): number {
  const { values, tokens } = parseArgs({
    args: words,
    options: { stage: { type: 'string' }, help: { type: 'boolean', default: false } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  if (values.help === true || typeof values.stage !== 'string') {
    console.log(HELP);
    return values.help === true ? 0 : 2;
  }
  const own = new Set(
    tokens.flatMap((token) => (token.kind === 'option' && token.name === 'stage' ? wordsOf(token) : [])),
  );
  const rest = words.filter((_, place) => !own.has(place));
  const stage = stageNamed(values.stage);
  const known = stage.domain === undefined ? siteUrlOf(stage.name) : undefined;
  const deployed = deploy(stage.name, known, rest);
  if (deployed !== 0 || stage.domain !== undefined) return deployed;
  const now = siteUrlOf(stage.name);
  return now === undefined || now === known ? deployed : deploy(stage.name, now, rest);
}

/** The places of an option and of its value among the words. */
const wordsOf = ({ index, inlineValue }: { index: number; inlineValue?: boolean | undefined }): number[] =>
  inlineValue === true ? [index] : [index, index + 1];

function deploy(stage: string, siteUrl: string | undefined, rest: readonly string[]): number {
  const told = siteUrl === undefined ? [] : ['-c', `siteUrl=${siteUrl}`];
  return run('npx', ['cdk', 'deploy', '--all', '-c', `stage=${stage}`, ...told, ...rest]);
}

/** Where a stage's edge answers; undefined before its first deployment. */
function siteUrlOf(stage: string): string | undefined {
  const name = `parley-${stage}-edge`;
  const text = aws(['cloudformation', 'describe-stacks', '--stack-name', name, '--region', EDGE_REGION]);
  if (text === undefined) return undefined;
  const outputs = Stacks.parse(JSON.parse(text)).Stacks.flatMap(({ Outputs = [] }) => Outputs);
  return outputs.find(({ OutputKey }) => OutputKey === 'SiteUrl')?.OutputValue;
}
