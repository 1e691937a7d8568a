/**
 * `npm run certify-round -- <file>`: how much any group of companies could gain by leaving a cleared round with its share
 * of capacity. A local search finds a group, the published bound or a mixed-integer program proves that none gains more.
 * Its work is bounded by counts, never by time.
 */
import { parseArgs } from 'node:util';
import { formatMicros } from '../../shared/kernel/money.ts';
import { ok, type Result, refuse } from '../../shared/kernel/result.ts';
import { gainOfLeaving, isReached, type LeavingGroup, searchGroups } from '../../shared/market/leaving.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { askOracle, type OracleAnswer } from './certify/oracle.ts';
import { type ClearedRound, readRound } from './certify/read-round.ts';

const USAGE = `Finds the group of companies that would gain most by leaving a cleared round with its share of capacity.

  npm run certify-round -- <file> [options]

  file         JSON: a clearing's input (cleared first), or the sealed or published file of a round
  --groups N   most groups the search tries (default 500)
  --nodes N    most nodes of the program that proves it (default 2000; 0 leaves the proof out)
  --json       the result as JSON on standard output, everything else on standard error
  --help       this text
`;
/** Above so many open pairs the program is left out: one node alone would take minutes. */
const MOST_PAIRS = 4_000;

type Arguments = { file: string | null; groups: number; nodes: number; json: boolean; help: boolean };

/** All a reader needs to repeat and judge the answer. Money in micro-units; shares of turnover in basis points, rounded up. */
type Certificate = {
  round: string;
  companiesWithShare: number;
  turnoverMicros: number;
  epsilonMicros: number;
  epsilonBps: number;
  group: string[];
  gainMicros: number;
  gainBps: number;
  /** No group gains more than this. */
  atMostMicros: number;
  /** `bound`: by ε, in whole numbers. `program`: by HiGHS, to its tolerances. */
  provenBy: 'bound' | 'program' | null;
  groupsTried: number;
  program: { method: string; nodes: number; isClosed: boolean } | null;
  /** Companies whose gain in the file differs from the price rule's. */
  differing: readonly string[];
};

const say = (text: string) => process.stderr.write(`${text}\n`);

process.exitCode = await main(process.argv.slice(2));

/** Answers the exit code: 0 when the answer is proven or bounded as asked, 1 when the file's prices differ from the rule's, 2 for a mistake in the call or the file. */
async function main(words: readonly string[]): Promise<number> {
  const args = readArguments(words);
  if (!args.ok) return fail(args.detail);
  if (args.value.help || args.value.file === null) {
    process.stdout.write(USAGE);
    return args.value.help ? 0 : 2;
  }
  const round = await readRound(args.value.file, createMarketSolver());
  if (!round.ok) return fail(round.detail);
  const certificate = await certify(round.value, args.value);
  process.stdout.write(args.value.json ? `${JSON.stringify(certificate, null, 2)}\n` : render(certificate));
  return certificate.differing.length === 0 ? 0 : 1;
}

function fail(text: string): number {
  say(text);
  return 2;
}

function readArguments(words: readonly string[]): Result<Arguments, 'bad_argument'> {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        groups: { type: 'string', default: '500' },
        nodes: { type: 'string', default: '2000' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const [groups, nodes] = [Number(values.groups), Number(values.nodes)];
    if (!Number.isSafeInteger(groups) || groups < 1)
      return refuse('bad_argument', `--groups ${values.groups}: must be a whole number from 1`);
    if (!Number.isSafeInteger(nodes) || nodes < 0 || nodes > 2 ** 31 - 1)
      return refuse('bad_argument', `--nodes ${values.nodes}: must be a whole number from 0`);
    if (positionals.length > 1) return refuse('bad_argument', `One file at a time: ${positionals.join(' ')}`);
    return ok({ file: positionals[0] ?? null, groups, nodes, json: values.json, help: values.help });
  } catch (error) {
    return refuse('bad_argument', error instanceof Error ? error.message : String(error));
  }
}

async function certify(round: ClearedRound, { groups, nodes }: Arguments): Promise<Certificate> {
  const { game, epsilonMicros, turnoverMicros } = round;
  const { companies } = game.market;
  const solver = createMarketSolver();
  const namesOf = (group: LeavingGroup) => group.companies.map((i) => companies[i]!.id);
  if (round.differing.length > 0) say(`the file's gains differ from the price rule's: ${round.differing.join(', ')}`);
  say(`${round.name}: the bound is ${formatMicros(epsilonMicros)}; searching groups, at most ${groups}`);
  const tell = (group: LeavingGroup, tried: number) =>
    say(`  ${formatMicros(Number(group.gainMicros))} after ${tried} groups: ${listed(namesOf(group))}`);
  const search = await searchGroups(game, solver, { most: groups, boundMicros: epsilonMicros, tell });
  let { best } = search;
  let answer: OracleAnswer | null = null;
  const pairs = companies.reduce((sum, { open }, i) => sum + (game.shareBases[i]! > 0 ? open.length : 0), 0);
  if (!isReached(best, epsilonMicros) && nodes > 0 && pairs <= MOST_PAIRS) {
    say(`the bound is not reached; asking the program, at most ${nodes} nodes`);
    answer = await askOracle(game, nodes);
    const found = answer.companies.length === 0 ? best : await gainOfLeaving(game, answer.companies, solver);
    if (found.gainMicros > best.gainMicros) best = found;
  } else if (!isReached(best, epsilonMicros) && nodes > 0)
    say(`${pairs} open pairs are too many for the program: no proof beyond the bound`);
  const gainMicros = Number(best.gainMicros);
  return {
    round: round.name,
    companiesWithShare: game.shareBases.filter((base) => base > 0).length,
    turnoverMicros,
    epsilonMicros,
    epsilonBps: bpsOf(epsilonMicros, turnoverMicros),
    group: namesOf(best),
    gainMicros,
    gainBps: bpsOf(gainMicros, turnoverMicros),
    atMostMicros: Math.max(gainMicros, Math.min(epsilonMicros, answer?.boundMicros ?? epsilonMicros)),
    provenBy: isReached(best, epsilonMicros) ? 'bound' : answer?.isClosed === true ? 'program' : null,
    groupsTried: search.tried,
    program: answer && { method: answer.method, nodes: answer.nodes, isClosed: answer.isClosed },
    differing: round.differing,
  };
}

function bpsOf(micros: number, turnoverMicros: number): number {
  return turnoverMicros === 0 ? 0 : Math.ceil((micros / turnoverMicros) * 10_000);
}

function listed(ids: readonly string[]): string {
  return ids.length > 12 ? `${ids.slice(0, 12).join(', ')} and ${ids.length - 12} more` : ids.join(', ');
}

function render(certificate: Certificate): string {
  const { gainMicros, gainBps, epsilonMicros, epsilonBps, provenBy, program, group } = certificate;
  const percent = (bps: number) => `${(bps / 100).toFixed(2)} % of turnover`;
  const who = group.length === 0 ? 'no group gains anything' : `${group.length} companies: ${listed(group)}`;
  const proofs = {
    bound: 'proven: the bound is reached to the micro-unit',
    program: `proven by ${program?.method} after ${program?.nodes} nodes, to its tolerances`,
  };
  return [
    `${certificate.round}: ${certificate.companiesWithShare} companies with a share, turnover ${formatMicros(certificate.turnoverMicros)}`,
    `bound on any group's gain   ${formatMicros(epsilonMicros)} (${percent(epsilonBps)})`,
    `largest gain found          ${formatMicros(gainMicros)} (${percent(gainBps)}), ${who}`,
    provenBy === null
      ? `not proven: it may be up to ${formatMicros(certificate.atMostMicros)} (${certificate.groupsTried} groups tried, ${program?.nodes ?? 0} nodes)`
      : proofs[provenBy],
    '',
  ].join('\n');
}
