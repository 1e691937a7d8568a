/** What every start prints: where to look, and how to act as each role. */
import { relative } from 'node:path';
import { iso } from '../../shared/kernel/time.ts';
import { demoAccessFile, readDemoAccess } from '../local/demo-access.ts';
import type { Marketplace } from '../local/marketplace.ts';

type Shown = Pick<Marketplace, 'baseUrl' | 'folder' | 'clock' | 'standInUrl'>;

/** The text for a marketplace that is open. Keys are named by their file, never printed. */
export function howToAct({ baseUrl, folder, clock, standInUrl }: Shown): string {
  const access = readDemoAccess(folder.path);
  const file = shortPath(demoAccessFile(folder.path));
  const key = (who: 'company' | 'provider') => `KEY=$(node -p "JSON.parse(fs.readFileSync('${file}')).${who}.apiKey")`;
  const signIn = (body: string) => `curl -s ${baseUrl}/dev/sign-in -H 'content-type: application/json' -d '${body}'`;
  const token = (body: string) => `TOKEN=$(${signIn(body)} | node -p "JSON.parse(fs.readFileSync(0)).token")`;
  const asPerson = `-H "authorization: Bearer $TOKEN"`;
  const asProgram = `-H "authorization: Bearer $KEY"`;
  const clockText = clock.mode === null ? 'not set yet, so it shows the real time' : clock.mode;
  const lines = [
    `Look`,
    `  ${baseUrl}/                 the queues: pooled volume, price, saving`,
    `  ${baseUrl}/docs             the API, readable; ${baseUrl}/v1/openapi.json`,
    `  ${baseUrl}/healthz          every part of the marketplace`,
    ...(standInUrl === null
      ? []
      : [`  ${`${standInUrl}/`.padEnd(baseUrl.length + 17)} the stand-in for Stripe: pay, decline, dispute`]),
    `  market time ${iso(clock.now())} (${clockText}); data and parley.log in ${shortPath(folder.path)}`,
    ``,
    `Act as the market operator (a development sign-in, with a token in the shape of production's)`,
    `  ${token('{"email":"operator@market.example","market":["market.operator","market.finance"]}')}`,
    `  curl -s '${baseUrl}/v1/organisations?kind=company' ${asPerson} -H 'parley-organisation: mk_market'`,
    ``,
    `Act as a person of a company or a provider (any address signs in; register, then the operator approves)`,
    `  ${token(`{"email":"${access?.company.email ?? 'you@company.example'}"}`)}`,
    `  curl -s ${baseUrl}/v1/memberships ${asPerson}`,
    ``,
  ];
  if (access !== undefined) lines.push(...programs(access, { baseUrl, file, key, asProgram }), '');
  lines.push('Ctrl-C stops everything.');
  return lines.join('\n');
}

type Words = { baseUrl: string; file: string; key: (who: 'company' | 'provider') => string; asProgram: string };

function programs(access: NonNullable<ReturnType<typeof readDemoAccess>>, words: Words): string[] {
  const { baseUrl, file, key, asProgram } = words;
  return [
    `Act as a program of the demo, with the API keys in ${file} (mode 600)`,
    `  ${key('company')}    # ${access.company.name}`,
    `  curl -s ${baseUrl}/v1/charges ${asProgram}     # what it was charged this month`,
    `  curl -s ${baseUrl}/v1/statement ${asProgram}   # the same, account by account`,
    `  ${key('provider')}   # ${access.provider.name}`,
    `  curl -s -X POST ${baseUrl}/v1/claims ${asProgram} -H 'content-type: application/json' -d '{"max":1}'`,
    `AI agents connect to ${baseUrl}/mcp with the provider's key; README, 'For AI agents'`,
    `A customer needs no login: POST /v1/requests/{request}/link, as the company, gives the link.`,
  ];
}

/** Relative to where the person stands, if that is shorter. */
function shortPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== '' && near.length < path.length && !near.startsWith('..') ? near : path;
}
