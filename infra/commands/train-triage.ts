/** `npm run train-triage -- <labelled.csv[.gz]> --out FILE`: trains the classifier that sorts texts into categories. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { crossValidate, type Measured, measure } from '../../shared/triage/evaluate.ts';
import { decodeModel, encodeModel, type Model, scoresOfText } from '../../shared/triage/model.ts';
import { type Example, prepare, TRAIN_DEFAULTS, train } from '../../shared/triage/train.ts';

const HELP = `npm run train-triage -- FILE --out MODEL [options]

  Learns categories from a CSV file with a header, plain or gzip, and writes the model that
  the API sorts texts with. Before that it measures, on texts left out of the training in
  turn, how often the model is right; those figures also fix its temperature and the
  confidence from which on it need not ask.

  --out FILE          where the model goes; left out: only measured
  --text COLUMN       the column of the texts (text)
  --category COLUMN   the column of the categories (category, intent or label)
  --folds N           parts for the cross-validation (5)
  --seed TEXT         what the order of learning follows from (${TRAIN_DEFAULTS.seed})
  --source TEXT       who wrote the examples, and their licence; kept in the model
  --json              the figures as JSON
  --help              this text

Exit code: 0 trained, 2 a file cannot be read or the call is wrong.`;

const CATEGORY_COLUMNS = ['category', 'intent', 'label'];

function main(words: string[]): number {
  const read = readOptions(words);
  if ('fault' in read) return fail(`${read.fault}\n\n${HELP}`);
  const { values, positionals } = read;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [file] = positionals;
  const folds = Number(values.folds);
  if (file === undefined || positionals.length > 1) return fail(`Name one file of labelled texts.\n\n${HELP}`);
  if (!Number.isInteger(folds) || folds < 2 || folds > 20) return fail('--folds must be a whole number from 2 to 20.');
  const found = readExamples(file, values.text, values.category);
  if ('fault' in found) return fail(found.fault);
  const { classes, prepared } = prepare(found.examples);
  if (classes.length < 2 || prepared.length < folds)
    return fail(`${file} has ${prepared.length} texts in ${classes.length} categories: too few to learn from.`);
  const options = { ...TRAIN_DEFAULTS, seed: values.seed };
  const told = (fold: number) => process.stderr.write(`fold ${fold + 1} of ${folds} is measured\n`);
  const measured = measure(classes, crossValidate(classes, prepared, folds, options, told));
  const model: Model = {
    ...train(classes, prepared, options),
    temperature: measured.temperature,
    threshold: measured.threshold,
    source: values.source ?? basename(file),
  };
  const bytes = encodeModel(model);
  const perText = microsecondsPerText(decodeModel(bytes), found.examples);
  console.log(
    values.json
      ? JSON.stringify({ ...measured, bytes: bytes.length, microsecondsPerText: perText }, null, 2)
      : report(measured, model, bytes.length, perText),
  );
  if (values.out !== undefined) writeFileSync(values.out, bytes);
  return 0;
}

function readOptions(words: string[]) {
  try {
    return parseArgs({
      args: words,
      options: {
        out: { type: 'string' },
        text: { type: 'string', default: 'text' },
        category: { type: 'string' },
        folds: { type: 'string', default: '5' },
        seed: { type: 'string', default: TRAIN_DEFAULTS.seed },
        source: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function readExamples(file: string, textColumn: string, chosen?: string): { examples: Example[] } | { fault: string } {
  let rows: Record<string, string>[];
  try {
    const bytes = readFileSync(file);
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    rows = parse(plain, { columns: true, bom: true, skip_empty_lines: true });
  } catch (error) {
    return { fault: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
  const columns = Object.keys(rows[0] ?? {});
  const category = chosen ?? CATEGORY_COLUMNS.find((name) => columns.includes(name)) ?? CATEGORY_COLUMNS[0]!;
  for (const column of [textColumn, category])
    if (!columns.includes(column))
      return { fault: `${file} has no column “${column}”; it has ${columns.join(', ') || 'none'}.` };
  const examples = rows
    .map((row) => ({ text: row[textColumn] ?? '', category: (row[category] ?? '').trim() }))
    .filter(({ text, category: named }) => text.trim() !== '' && named !== '');
  return { examples };
}

/** What sorting one text takes on this machine, at the median. */
function microsecondsPerText(model: Model, examples: readonly Example[]): number {
  const sample = examples.slice(0, 2_000);
  for (const { text } of sample) scoresOfText(model, text);
  const times = sample.map(({ text }) => {
    const from = performance.now();
    scoresOfText(model, text);
    return (performance.now() - from) * 1_000;
  });
  return Math.round(times.sort((a, b) => a - b)[times.length >> 1] ?? 0);
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function report(measured: Measured, model: Model, bytes: number, perText: number): string {
  return [
    `${measured.texts} texts in ${measured.classes} categories; ${measured.folds}-fold cross-validation of the model as stored`,
    `  accuracy            ${percent(measured.accuracy)}`,
    `  macro F1            ${percent(measured.macroF1)}`,
    `  calibration error   ${percent(measured.calibrationError)} (temperature ${measured.temperature.toFixed(2)})`,
    `  taken unasked       ${percent(measured.shareAbove)} of texts, from confidence ${measured.threshold}; ${percent(measured.accuracyAbove)} of these are right`,
    `model: ${model.vocabulary.ids.length} features, ${(bytes / 1e6).toFixed(2)} MB; ${perText} µs per text here`,
  ].join('\n');
}

function fail(words: string): number {
  console.error(words);
  return 2;
}

process.exitCode = main(process.argv.slice(2));
