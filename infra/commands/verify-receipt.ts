/** `npm run verify-receipt -- <file|->`: checks a receipt on this machine with the market's public keys. */
import { readFileSync } from 'node:fs';
import { text as textOf } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { formatMicros } from '../../shared/kernel/money.ts';
import { Jwks } from '../../shared/receipt/keys.ts';
import type { Receipt } from '../../shared/receipt/receipt.ts';
import { RECEIPT_CHECKS, verifyReceipt } from '../../shared/receipt/verify.ts';

const DEFAULT_JWKS = 'http://127.0.0.1:4000/v1/receipts/jwks';
const TIMEOUT_MS = 10_000;
const HELP = `npm run verify-receipt -- FILE|- [--jwks URL|FILE]

  Checks a receipt: the JWS itself, or the API's answer that holds it; - reads standard input.

  --jwks URL|FILE   the market's public keys; ${DEFAULT_JWKS}
                    where left out. Keep a copy: it checks receipts without the market.
  --json            the result as JSON
  --help            this text

Exit code: 0 it holds, 1 it is refused, 2 something cannot be read or the call is wrong.`;

async function main(words: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: words,
    options: {
      jwks: { type: 'string', default: DEFAULT_JWKS },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Error(`Name one file, or - for standard input.\n\n${HELP}`);
  const receipt = jwsIn(path === '-' ? await textOf(process.stdin) : readFileSync(path, 'utf8'));
  const checked = await verifyReceipt(receipt, await readJwks(values.jwks));
  if (values.json) console.log(JSON.stringify(checked, null, 2));
  else if (checked.ok) console.log(proven(checked.receipt, checked.kid));
  else
    console.log(
      `REFUSED (${checked.failed}): it does not hold that ${RECEIPT_CHECKS[checked.failed]}.\n  ${checked.detail}`,
    );
  return checked.ok ? 0 : 1;
}

/** The JWS in a file: as it is, or in the answer's field `jws`. */
function jwsIn(text: string): string {
  if (!text.trim().startsWith('{')) return text.trim();
  const { jws } = JSON.parse(text) as { jws?: unknown };
  if (typeof jws !== 'string') throw new Error('this JSON has no field jws');
  return jws;
}

async function readJwks(from: string): Promise<Jwks> {
  if (!/^https?:\/\//.test(from)) return Jwks.parse(JSON.parse(readFileSync(from, 'utf8')));
  const answer = await fetch(from, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${from} answered ${answer.status}`);
  return Jwks.parse(await answer.json());
}

/** What a receipt that holds proves, in sentences. */
function proven(receipt: Receipt, kid: string): string {
  const { claim, confirmation, price } = receipt;
  const by = confirmation.by === null ? 'by silence' : `by the ${confirmation.by}`;
  const isLate = Date.parse(claim.resolvedAt) > Date.parse(claim.deadline);
  return [
    `The receipt holds. The market signed it with its key ${kid}, and nothing was changed since.`,
    '',
    `  request     ${receipt.request} (${receipt.queue}, round ${receipt.round}, terms ${receipt.termsVersion})`,
    `  claimed     ${claim.outcome} by ${receipt.provider} at ${claim.resolvedAt}, ${isLate ? 'after' : 'before'} the deadline of that turn`,
    `  ${confirmation.kind.padEnd(11)} ${by} at ${confirmation.at}`,
    `  settled     ${receipt.settledAt ?? 'never: it is not billed'}`,
    `  price       ${price === null ? 'not told in this receipt' : `${formatMicros(price.micros)} ${price.currency} ${price.means}`}`,
    `  evidence    ${claim.evidenceHash}, summary ${claim.summaryHash} (hashes)`,
    `  thread      request ${receipt.thread.words}, messages ${receipt.thread.messages ?? 'none'} (hashes)`,
  ].join('\n');
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 2;
});
