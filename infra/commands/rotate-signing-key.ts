/** `npm run rotate-signing-key`: takes the key under which links, cursors, invitations and sealed secrets stand a step further. */
import { randomBytes } from 'node:crypto';
import { text as textOf } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { openDataFolder } from '../local/data-folder.ts';
import { changeSigningKeys } from '../local/secrets.ts';
import { nextKeys, STEPS, type Step } from '../local/signing-keys.ts';

const HELP = `npm run rotate-signing-key -- --step add|use|drop --data DIR
npm run rotate-signing-key -- --step add|use|drop < keys > next

  One machine: stop the marketplace before, start it after. AWS: the present content of the
  parameter /parley/STAGE/signing-key comes in, its next content goes out; then deploy
  again, so that every process starts anew, before the next step.

  add    a fresh key that opens, and does not sign yet
  use    the added key signs; the one before still opens
  drop   the old key goes, once nothing of it is out: the longest link of a customer, invitations
         (seven days), and secrets of webhooks and connectors that were made or rotated before 'use'

  --data DIR   a data folder
  --help       this text`;

async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: { step: { type: 'string' }, data: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  const step = STEPS.find((one) => one === values.step);
  if (values.help || step === undefined) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const next = (keys: string): string => nextKeys(keys, step satisfies Step, new Uint8Array(randomBytes(32)));
  if (values.data === undefined) {
    console.log(next(await textOf(process.stdin)));
    return 0;
  }
  const folder = await openDataFolder(values.data, { fresh: false });
  try {
    changeSigningKeys(folder, next);
    return 0;
  } finally {
    folder.release();
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 2;
});
