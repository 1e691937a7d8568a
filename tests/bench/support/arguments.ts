/** What every bench's command line has in common. */
import { parseArgs } from 'node:util';

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

/** The options that every bench has, with their help. */
export const COMMON_HELP = `  --seed N         seed of everything that is drawn (default 1)
  --quick          fewer and smaller instances
  --json           the report as JSON on standard output, everything else on standard error
  --help           this text
`;

export type BenchArguments = {
  readonly seed: number;
  readonly quick: boolean;
  readonly json: boolean;
  readonly extra: Readonly<Record<string, string | undefined>>;
};

/**
 * Reads the command line; `extra` names further options, each with a text. Asked for help, or wrong: the text is printed
 * and the process ends with 0 or 2.
 */
export function readArguments(usage: string, extra: readonly string[] = []): BenchArguments {
  const options: Options = {
    seed: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    ...Object.fromEntries(extra.map((name) => [name, { type: 'string' as const }])),
  };
  try {
    const { values } = parseArgs({ options, strict: true });
    if (values.help === true) {
      process.stdout.write(usage);
      process.exit(0);
    }
    return {
      seed: wholeNumber('seed', String(values.seed)),
      quick: values.quick === true,
      json: values.json === true,
      extra: Object.fromEntries(extra.map((name) => [name, values[name] as string | undefined])),
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exit(2);
  }
}

/** A whole number from 0; throws with the option's name. */
export function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new Error(`--${name} ${text}: must be a whole number`);
  return value;
}

/** One line of progress that is written over, on standard error; nothing where that is no terminal. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
}
