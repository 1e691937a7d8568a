/**
 * `npm run redrive -- --queue <name>`: brings dead letters back to their queue, or lists them. It asks the operator's API,
 * so it works the same on one machine and on AWS.
 */
import { parseArgs } from 'node:util';
import { createParley, dataOf, type Parley } from '../../shared/client/client.ts';
import { QueueName } from '../../shared/kernel/message.ts';

const USAGE = `Brings messages that failed as often as their queue allows back to it, or lists them with their cause.

  npm run redrive -- --queue <name> [options]

  --queue NAME     ${QueueName.options.join(' or ')}
  --list           only list them
  --message ID     only this one; may be given again
  --url URL        where the API is (default http://127.0.0.1:4000, or PARLEY_URL)
  --help           this text

The operator's API key comes from PARLEY_API_KEY. Without one, a marketplace on this machine signs its operator in.
`;

const say = (text: string) => process.stderr.write(`${text}\n`);

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  return 1;
});

/** Answers the exit code: 0 when it is done, 1 when the API refused or could not be reached, 2 for a mistake in the call. */
async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: {
      queue: { type: 'string' },
      list: { type: 'boolean', default: false },
      message: { type: 'string', multiple: true },
      url: { type: 'string', default: process.env.PARLEY_URL ?? 'http://127.0.0.1:4000' },
      help: { type: 'boolean', default: false },
    },
  });
  const queue = QueueName.safeParse(values.queue);
  if (values.help || !queue.success) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const client = await operator(values.url);
  return values.list ? list(client, queue.data) : redrive(client, queue.data, values.message);
}

async function operator(baseUrl: string): Promise<Parley> {
  const apiKey = process.env.PARLEY_API_KEY;
  if (apiKey !== undefined && apiKey !== '') return createParley({ baseUrl, apiKey });
  const body = { email: 'operator@market.example', market: ['market.operator' as const] };
  const signedIn = await dataOf(createParley({ baseUrl }).POST('/dev/sign-in', { body }));
  const organisation = signedIn.organisations.find((id) => id.startsWith('mk_'));
  return createParley({ baseUrl, token: signedIn.token, ...(organisation === undefined ? {} : { organisation }) });
}

async function list(client: Parley, queue: QueueName): Promise<number> {
  const { items } = await dataOf(client.GET('/v1/operator/dead-letters', { params: { query: { queue, limit: 100 } } }));
  for (const { id, firstSentAt, receives, body, cause } of items)
    process.stdout.write(`${id}  ${firstSentAt ?? '-'}  ${receives}×  ${body}  ${cause ?? 'cause not known'}\n`);
  say(`${items.length} dead letters of ${queue}`);
  return 0;
}

async function redrive(client: Parley, queue: QueueName, messages: string[] | undefined): Promise<number> {
  const { redriven } = await dataOf(
    client.POST('/v1/operator/dead-letters/{queue}/redrive', {
      params: { path: { queue } },
      body: messages === undefined ? {} : { messages },
    }),
  );
  say(`${redriven} messages are back in ${queue}`);
  return 0;
}
