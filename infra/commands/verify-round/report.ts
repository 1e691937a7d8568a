/** What a person reads of the checks of a file. */
import { CHECKS, type Check } from '../../../shared/market/round-file/check.ts';
import { publicPart, type RoundFile } from '../../../shared/market/round-file/round-file.ts';

const WHAT: Readonly<Record<RoundFile['kind'], string>> = {
  'parley.round.public': 'the public file',
  'parley.round.sealed': 'the sealed file',
  'parley.round.pseudonymous': 'the published file, under names of the round',
  'parley.round.company': 'the file of one company',
  'parley.round.provider': 'the file of one provider',
};

/** One file's checks, failed ones first, what is not possible last and gathered by its reason. */
export function renderChecks(path: string, file: RoundFile, checks: readonly Check[]): string {
  const { queue, round } = publicPart(file);
  return [`${path}: ${WHAT[file.kind]} of round ${round} of ${queue}`, '', ...renderList(checks)].join('\n');
}

/** Checks by their outcome. */
export function renderList(checks: readonly Check[]): string[] {
  const of = (outcome: Check['outcome']): Check[] => checks.filter((check) => check.outcome === outcome);
  const reasons = Map.groupBy(of('not possible'), ({ detail }) => detail);
  return [
    ...of('failed').map(({ name, detail }) => `  ✗ ${name}: it does not hold that ${CHECKS[name]}\n      ${detail}`),
    ...of('passed').map(({ name, detail }) => `  ✓ ${name}: ${CHECKS[name]}\n      ${detail}`),
    ...[...reasons].map(
      ([detail, some]) =>
        `  – not possible with this file: ${some.map(({ name }) => name).join(', ')}\n      ${detail}`,
    ),
  ];
}

/** The last line: what all of it comes to. */
export function renderVerdict(checks: readonly Check[]): string {
  const count = (outcome: Check['outcome']): number => checks.filter((check) => check.outcome === outcome).length;
  const [passed, failed, open] = [count('passed'), count('failed'), count('not possible')];
  return failed > 0
    ? `REFUSED: ${failed} of ${passed + failed} checks failed.`
    : `Nothing is wrong: ${passed} checks passed, ${open} are not possible with what is here.`;
}
