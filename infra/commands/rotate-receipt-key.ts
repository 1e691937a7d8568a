/** `npm run rotate-receipt-key`: a fresh key for receipts; the one before stays published and keeps its period. */
import { text as textOf } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { fromIso } from '../../shared/kernel/time.ts';
import { newReceiptKey } from '../../shared/receipt/jws.ts';
import { ReceiptKeys, rotated } from '../../shared/receipt/keys.ts';
import { openClock } from '../local/clock.ts';
import { openDataFolder } from '../local/data-folder.ts';
import { openSecrets, writeReceiptKeys } from '../local/secrets.ts';

const HELP = `npm run rotate-receipt-key -- --data DIR
npm run rotate-receipt-key -- --from INSTANT < keys.json > next.json

  Adds a key that signs the outcomes from now on (one machine; stop the marketplace before,
  start it after) or from an instant (AWS: the present content of the parameter
  /parley/STAGE/receipt-keys comes in, its next content goes out; nothing in, a first key).
  Choose an instant in the future, and deploy before it: what was signed stays as it is.

  --data DIR       a data folder
  --from INSTANT   such as 2026-03-01T00:00:00Z
  --help           this text`;

async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: { data: { type: 'string' }, from: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help || (values.data === undefined) === (values.from === undefined)) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  if (values.data !== undefined) return inFolder(values.data);
  const at = fromIso(values.from ?? '');
  if (Number.isNaN(at)) throw new Error(`--from ${values.from}: give an instant such as 2026-03-01T00:00:00Z`);
  const text = process.stdin.isTTY ? '' : (await textOf(process.stdin)).trim();
  const next =
    text === '' ? [await newReceiptKey(0)] : rotated(ReceiptKeys.parse(JSON.parse(text)), await newReceiptKey(at));
  console.log(JSON.stringify(next));
  return 0;
}

async function inFolder(path: string): Promise<number> {
  const folder = await openDataFolder(path, { fresh: false });
  try {
    const { receiptKeys } = await openSecrets(folder);
    const next = rotated(receiptKeys, await newReceiptKey(openClock(folder).now()));
    writeReceiptKeys(folder, next);
    console.log(`${next.length} keys; ${next.at(-1)?.kid} signs from ${next.at(-1)?.activeFrom} on.`);
    return 0;
  } finally {
    folder.release();
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 2;
});
