/**
 * `npm run smoke -- --api URL`: walks the main job on a stage, or on `npm start`, with sandbox keys: no money, nobody's
 * data. Each step says what it saw; the first one that fails ends the walk with 1.
 */
import { parseArgs } from 'node:util';
import { smokeTest } from './smoke/walk.ts';

const USAGE = `Walks the main job over HTTP with sandbox keys, and says at each step what it saw.

  npm run smoke -- --api URL

  --api URL        where the market is (default http://127.0.0.1:4000, or PARLEY_URL)
  --help           this text

Who acts comes from the environment, the first of:
  PARLEY_SMOKE_COMPANY_KEY and PARLEY_SMOKE_PROVIDER_KEY   sandbox keys of a company and of a provider
  PARLEY_TOKEN                                             a person's access token: registers a company and a provider, once,
                                                           and makes sandbox keys, which are revoked in the end
  nothing                                                  on one machine: signs a person in, then as above
`;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});

/** Answers the exit code: 0 where all was as it should, 1 where a step failed, 2 for a mistake in the call. */
async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: {
      api: { type: 'string', default: process.env.PARLEY_URL ?? 'http://127.0.0.1:4000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { PARLEY_SMOKE_COMPANY_KEY: company, PARLEY_SMOKE_PROVIDER_KEY: provider, PARLEY_TOKEN: token } = process.env;
  const isWhole = (company === undefined) === (provider === undefined);
  if (!isWhole) throw new Error('Give both keys, PARLEY_SMOKE_COMPANY_KEY and PARLEY_SMOKE_PROVIDER_KEY, or none.');
  return smokeTest({
    api: values.api.replace(/\/$/, ''),
    say: (line) => process.stdout.write(`${line}\n`),
    ...(company === undefined || provider === undefined ? {} : { keys: { company, provider } }),
    ...(token === undefined ? {} : { token }),
  });
}
