/** Tables whose process dies at one of its calls, for simulations of crashes. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';

export class Crash extends Error {}

/** Tables whose process dies at its n-th call: before it reaches the engine, or after, with the answer lost. */
export function crashing(
  tables: Tables,
  at: number,
  when: 'before' | 'after',
): { tables: Tables; hasCrashed: () => boolean } {
  const config = tables.owner as TableConfig;
  let calls = 0;
  let crashed = false;
  const send = async (command: Parameters<DynamoDBClient['send']>[0]): Promise<unknown> => {
    calls += 1;
    if (crashed || calls > at) throw new Crash('the process is gone');
    if (calls === at) crashed = true;
    if (crashed && when === 'before') throw new Crash('died before the call');
    const answer: unknown = await config.client.send(command);
    if (crashed) throw new Crash('died after the call');
    return answer;
  };
  return {
    tables: new Tables({ ...config, client: { send } as unknown as DynamoDBClient }),
    hasCrashed: () => crashed,
  };
}

/** Runs `work` on tables that die; answers whether they did. Any other error is thrown. */
export async function untilCrash(
  tables: Tables,
  at: number,
  when: 'before' | 'after',
  work: (tables: Tables) => Promise<unknown>,
): Promise<boolean> {
  const dying = crashing(tables, at, when);
  await work(dying.tables).catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
  return dying.hasCrashed();
}
