/** `npm run verify-round -- <file>…`: checks files of a round on this machine, without asking the market anything. */
import { parseArgs } from 'node:util';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { compareFiles, isSound, verifyRound } from '../../shared/market/round-file/verify.ts';
import { readRoundFiles } from './verify-round/read-files.ts';
import { renderChecks, renderList, renderVerdict } from './verify-round/report.ts';

const HELP = `npm run verify-round -- FILE... [options]

  Checks the files of a round: public, sealed, published under names, a company's or a
  provider's own. Several files of one round are compared too: a file that was changed as
  a whole shows only beside a public file got from somebody else. Plain JSON, gzip, or all
  the parts in which the market gives a large file.

  --solve        solve the round again where a file has no certificate of optimality
  --json         the checks as JSON
  --help         this text

Exit code: 0 nothing is wrong, 1 a check failed, 2 a file cannot be read or the call is wrong.

Get a file: curl -s 'http://127.0.0.1:4000/v1/queues/QUEUE/rounds/1/file?part=sealed' > round.json`;

async function main(words: string[]): Promise<number> {
  const read = readOptions(words);
  if ('fault' in read) return fail(`${read.fault}\n\n${HELP}`);
  const { values, positionals } = read;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals.length === 0) return fail(`Name at least one file.\n\n${HELP}`);
  const files = await readRoundFiles(positionals);
  if (!files.ok) return fail(files.detail);
  const options = values.solve ? { solver: createMarketSolver() } : {};
  const checked = [];
  for (const { path, file } of files.value) checked.push({ path, file, checks: await verifyRound(file, options) });
  const together = checked.length > 1 ? [compareFiles(checked.map(({ file }) => file))] : [];
  const all = [...checked.flatMap(({ checks }) => checks), ...together];
  if (values.json) {
    const told = checked.map(({ path, file, checks }) => ({ path, kind: file.kind, checks }));
    console.log(JSON.stringify({ sound: isSound(all), files: told, together }, null, 2));
  } else {
    for (const { path, file, checks } of checked) console.log(`${renderChecks(path, file, checks)}\n`);
    if (together.length > 0) console.log(`Together\n\n${renderList(together).join('\n')}\n`);
    console.log(renderVerdict(all));
  }
  return isSound(all) ? 0 : 1;
}

function readOptions(words: string[]) {
  try {
    return parseArgs({
      args: words,
      options: {
        solve: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function fail(text: string): number {
  console.error(text);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
