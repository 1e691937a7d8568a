/** The synthesised templates as others read them: cfn-lint and checkov find nothing that is not explained here. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Synthesised } from '../infra/synthesised.ts';
import { CFN_LINT, CHECKOV, hasPackages, runTool } from './python.ts';

const canRun = hasPackages();
if (!canRun) console.warn(`skipped: ${CFN_LINT} and ${CHECKOV}, for their packages are not here`);

/** Findings that stand, by rule, and why. One that shows up no more makes the test fail, so that the lists stay true. */
const LINT_STANDS: Readonly<Record<string, string>> = {
  W3005: 'CDK writes the dependency on a role beside the reference to it, so that its policies are there first.',
};
const CHECKOV_STANDS: Readonly<Record<string, string>> = {
  CKV_AWS_18:
    'The market keeps who looked at which attachment; the web app’s files are everybody’s, and the edge counts.',
  CKV_AWS_21: 'What is erased for a customer must be gone, in every version; the web app’s files carry their hash.',
  CKV_AWS_27: 'Queues are encrypted by SQS itself (SqsManagedSseEnabled), which this rule does not look for.',
  CKV_AWS_86: 'Access is logged in the newer way, without paths, in some of which a customer’s link stands.',
  CKV_AWS_115:
    'A function that calls a foreign system is bounded by its queue’s consumers; others share the account’s.',
  CKV_AWS_116: 'Functions behind the API answer, consumers leave failures to their queue, schedules to their next run.',
  CKV_AWS_117: 'Functions talk to AWS and to Stripe over TLS; a network of their own would add a way out and its cost.',
  CKV_AWS_119:
    'The ledger has a key of its own; the others are encrypted by a key of AWS, which costs nothing per call.',
  CKV_AWS_149:
    'What the edge says to the API by it is replaced by a command, and protects no customer’s data by itself.',
  CKV_AWS_158: 'Logs hold no secret and no customer’s words, and are encrypted by CloudWatch.',
  CKV_AWS_173: 'Environments hold names and addresses; secrets are read from the Parameter Store.',
  CKV_AWS_174:
    'A stage without a domain, as this one, has CloudFront’s own certificate; with one it is TLS 1.2 or newer.',
};

let folder: string;
/** What the two said, side by side: each takes its time. */
let said: { lint: string; checkov: string };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-templates-'));
  if (!canRun) return;
  const made = Synthesised.shared();
  const files = made.all.map((template, place) => {
    const file = join(folder, `${place}.template.json`);
    writeFileSync(file, JSON.stringify(template.toJSON()));
    return file;
  });
  const words = ['--framework', 'cloudformation', '--quiet', '--compact', '--skip-download', '-o', 'json'];
  const [lint, checkov] = await Promise.all([
    runTool('cfn-lint', ['--format', 'json', ...files]),
    runTool('checkov', [...words, ...files.flatMap((file) => ['-f', file])]),
  ]);
  said = { lint, checkov };
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Findings that nobody explained, and explanations of what is not found any more. */
function unexplained(found: readonly { rule: string; where: string }[], stands: Readonly<Record<string, string>>) {
  const rules = new Set(found.map(({ rule }) => rule));
  return {
    open: found.filter(({ rule }) => !(rule in stands)).map(({ rule, where }) => `${rule} ${where}`),
    gone: Object.keys(stands).filter((rule) => !rules.has(rule)),
  };
}
const NOTHING = { open: [], gone: [] };

const LintFindings = z.array(z.object({ Message: z.string(), Rule: z.object({ Id: z.string() }) }));
const Checked = z.object({ check_id: z.string(), resource: z.string(), check_name: z.string() });
const CheckovReport = z.object({
  results: z.object({ failed_checks: z.array(Checked) }),
  summary: z.object({ passed: z.int(), parsing_errors: z.int() }),
});

describe.skipIf(!canRun)('the templates', () => {
  it('have nothing for cfn-lint but what is explained', () => {
    const findings = LintFindings.parse(JSON.parse(said.lint));
    const found = findings.map(({ Message, Rule }) => ({ rule: Rule.Id, where: Message }));
    expect(unexplained(found, LINT_STANDS)).toEqual(NOTHING);
  });

  it('have nothing for checkov but what is explained', () => {
    const output: unknown = JSON.parse(said.checkov);
    const reports = z.array(CheckovReport).parse(Array.isArray(output) ? output : [output]);
    expect(reports.filter(({ summary }) => summary.parsing_errors > 0)).toEqual([]);
    expect(reports.reduce((sum, { summary }) => sum + summary.passed, 0)).toBeGreaterThan(100);
    const found = reports.flatMap(({ results }) =>
      results.failed_checks.map(({ check_id, check_name, resource }) => ({
        rule: check_id,
        where: `${resource}: ${check_name}`,
      })),
    );
    expect(unexplained(found, CHECKOV_STANDS)).toEqual(NOTHING);
  });
});
