/** The market's model for triage: the file beside this code, read when a function first needs it. */
import { readFile } from 'node:fs/promises';
import { decodeModel, type Model } from '../shared/triage/model.ts';

const FILE = new URL('./triage.model', import.meta.url);
let model: Promise<Model | null> | undefined;

/** The model, once per process; null where none was trained: then only what the company said counts. */
export function loadTriageModel(): Promise<Model | null> {
  model ??= readFile(FILE).then(decodeModel, (error: NodeJS.ErrnoException) => {
    model = undefined;
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return model;
}
