/** What the commands that deploy have in common: the stage that is named, as CDK reads it, and the programs they call. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import * as z from 'zod';
import { type Stage, stageOf } from '../stacks/stage.ts';

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

/** The stage of a name, with what `cdk.json` says of it. */
export function stageNamed(stage: string): Stage {
  const { context } = CdkJson.parse(JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')));
  return stageOf(new App({ analyticsReporting: false, context: { ...context, stage } }).node);
}

/** Runs a program in front of the person who called. Answers its exit code. */
export function run(program: string, words: readonly string[]): number {
  return spawnSync(program, words, { stdio: 'inherit' }).status ?? 1;
}

/** What a program of AWS's command line answers, or undefined where it fails; `input` is what it reads. */
export function aws(words: readonly string[], input?: string): string | undefined {
  const { status, stdout } = spawnSync('aws', [...words, '--output', 'json'], {
    encoding: 'utf8',
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit'],
    ...(input === undefined ? {} : { input }),
  });
  return status === 0 ? stdout : undefined;
}
