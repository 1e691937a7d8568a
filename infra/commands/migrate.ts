/** `npm run migrate -- --plan` or `--apply`: brings items to the form that the newest release writes. */
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Tables } from '../../shared/kernel/table.ts';
import { openDataFolder } from '../local/data-folder.ts';
import { startEngines } from '../local/engines.ts';
import { tableNames } from '../local/tables.ts';
import { MIGRATIONS, type Migration } from './migrate/migration.ts';
import { apply, forget, plan } from './migrate/run.ts';

const USAGE = `Brings what lies in the tables to the form that the newest release writes, while the market runs.

  npm run migrate -- --plan | --apply [options]

  --plan           looks through the tables and says what would change
  --apply          changes it; a run that was stopped is gone on with
  --only ID        one migration (default: all, the oldest first)
  --again          with --apply: looks at everything again
  --per-second N   items looked at in a second at the most (default 500)
  --stage NAME     the tables of a deployed stage, with your AWS credentials
  --data DIR       a folder of one machine that no marketplace has open (default .parley/main)
  --help           this text
`;

const say = (text: string) => void process.stdout.write(`${text}\n`);

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});

/** Answers the exit code: 0 when it is done, 1 where it failed, 2 for a mistake in the call. */
async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: {
      plan: { type: 'boolean', default: false },
      apply: { type: 'boolean', default: false },
      only: { type: 'string' },
      again: { type: 'boolean', default: false },
      'per-second': { type: 'string', default: '500' },
      stage: { type: 'string' },
      data: { type: 'string', default: process.env.PARLEY_DATA ?? '.parley/main' },
      help: { type: 'boolean', default: false },
    },
  });
  const perSecond = Number(values['per-second']);
  if (values.help || values.plan === values.apply || !(perSecond >= 1)) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const chosen = MIGRATIONS.filter(({ id }) => values.only === undefined || id === values.only);
  if (values.only !== undefined && chosen.length === 0) throw new Error(`there is no migration ${values.only}`);
  if (chosen.length === 0) say('there is no migration in this release');
  else await onTables(values, (tables) => runAll(tables, chosen, { ...values, perSecond }));
  return 0;
}

async function runAll(
  tables: Tables,
  chosen: readonly Migration[],
  { plan: isPlan, again, perSecond }: { plan: boolean; again: boolean; perSecond: number },
): Promise<void> {
  for (const migration of chosen) {
    say(`${migration.id}: ${migration.says}`);
    if (isPlan) {
      const { seen, old, writeUnits, example } = await plan(tables, migration);
      const such = example === null ? '' : `, such as ${example.pk} / ${example.sk}`;
      say(`  ${old} of ${seen} items of ${migration.table} would change${such}: about ${writeUnits} write units`);
      continue;
    }
    if (again) await forget(tables, migration);
    const changed = await apply(tables, migration, { perSecond, say: (line) => say(`  ${line}`) });
    say(`  done: ${changed} items changed`);
  }
}

async function onTables(
  { stage, data }: { stage?: string | undefined; data: string },
  work: (tables: Tables) => Promise<void>,
): Promise<void> {
  if (stage !== undefined) {
    const client = new DynamoDBClient({ cacheMiddleware: true });
    await work(new Tables({ client, names: tableNames(stage) }));
    client.destroy();
    return;
  }
  const folder = await openDataFolder(data, { fresh: false });
  try {
    const engines = await startEngines(folder);
    try {
      await work(new Tables({ client: engines.client, names: engines.names }));
    } finally {
      await engines.stop();
    }
  } finally {
    folder.release();
  }
}
