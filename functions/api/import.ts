/** Files of requests over the API; the rows are taken in by the consumer of the queue `imports`. */
import { importRoutes } from '../../shared/api/routes/import.ts';
import type { Member } from '../../shared/identity/identity.ts';
import { errorsFile } from '../../shared/import/errors-file.ts';
import {
  cancelImport as cancelStored,
  createImport as createStored,
  ImportListKey,
  listRowErrors,
  listImports as listStored,
  putPart,
  readOwnImport,
  resumeImport as resumeStored,
} from '../../shared/import/import.store.ts';
import { MOST_PART_BYTES, type StoredImport, viewImport } from '../../shared/import/import.ts';
import { startImport as startStored } from '../../shared/import/start.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { readQueueItem } from '../../shared/queue/queue.store.ts';
import { api } from '../middleware/api.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { afterOf, cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { refuseFields } from '../middleware/fields.ts';
import { keyOf } from '../middleware/idempotency.ts';
import { NOT_APPROVED } from '../middleware/refusals.ts';
import { hurry } from '../sweeps.ts';

const NO_IMPORT = refuse('not_found', 'There is no such import; GET /v1/imports lists yours.');
/** Rows of one file of errors: well within what a function may answer. */
const MOST_FILE_ROWS = 1_000;

const ownImport = (context: Context<Member>, id: string) => readOwnImport(context, context.actor.tenant, id);
const shown = (item: StoredImport) => ({ status: 200 as const, body: viewImport(item) });

const createImport: Handler<'createImport'> = async (context, { body }) => {
  const { actor } = context;
  if (!actor.approved) return NOT_APPROVED;
  if (body.queue !== undefined && (await readQueueItem(context.tables, body.queue)) === undefined)
    return refuseFields([{ field: 'queue', message: 'is no queue of this market: GET /v1/queues lists them' }]);
  const made = await createStored(context, actor.tenant, body, actor.user, keyOf(context));
  return { status: 201, body: viewImport(made) };
};

const listImports: Handler<'listImports'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, ImportListKey);
  if (!after.ok) return after;
  const page = await listStored(context, context.actor.tenant, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  return { status: 200, body: { items: page.items.map(viewImport), next: await cursorOf(context, page.after) } };
};

const getImport: Handler<'getImport'> = async (context, { params }) => {
  const item = await ownImport(context, params.import);
  return item === undefined ? NO_IMPORT : shown(item);
};

const putImportPart: Handler<'putImportPart'> = async (context, { params, body }) => {
  const item = await ownImport(context, params.import);
  if (item === undefined) return NO_IMPORT;
  if (body.bytes.length === 0)
    return refuseFields([{ field: 'body', message: `is empty: send 1 to ${MOST_PART_BYTES} bytes of the file` }]);
  const put = await putPart(context, item, params.part, body.bytes);
  return put.ok ? { status: 200, body: put.value } : put;
};

const startImport: Handler<'startImport'> = async (context, { params, body }) => {
  if (!context.actor.approved) return NOT_APPROVED;
  const item = await ownImport(context, params.import);
  if (item === undefined) return NO_IMPORT;
  const started = await startStored(context, item, body.parts);
  if (!started.ok) return started;
  if (started.value.state === 'running') await hurry(context.runtime, 'imports', [{ import: item.id }]);
  return shown(started.value);
};

const cancelImport: Handler<'cancelImport'> = async (context, { params }) => {
  const item = await ownImport(context, params.import);
  return item === undefined ? NO_IMPORT : shown(await cancelStored(context, item));
};

const resumeImport: Handler<'resumeImport'> = async (context, { params }) => {
  if (!context.actor.approved) return NOT_APPROVED;
  const item = await ownImport(context, params.import);
  if (item === undefined) return NO_IMPORT;
  const resumed = await resumeStored(context, item);
  if (!resumed.ok) return resumed;
  if (resumed.value.state === 'running') await hurry(context.runtime, 'imports', [{ import: item.id }]);
  return shown(resumed.value);
};

const listImportErrors: Handler<'listImportErrors'> = async (context, { params, query }) => {
  const item = await ownImport(context, params.import);
  if (item === undefined) return NO_IMPORT;
  const after = await afterOf(context, query.cursor);
  if (!after.ok) return after;
  const page = await listRowErrors(context, item.id, { limit: query.limit, after: Number(after.value ?? 0) });
  const next = await cursorOf(context, page.after === null ? null : String(page.after));
  return { status: 200, body: { items: page.items, next } };
};

const getImportErrorsFile: Handler<'getImportErrorsFile'> = async (context, { params, query }) => {
  const item = await ownImport(context, params.import);
  if (item === undefined) return NO_IMPORT;
  const { items } = await listRowErrors(context, item.id, { limit: MOST_FILE_ROWS, after: query.after });
  return { status: 200, body: errorsFile(item, items) };
};

export const handler = api('import', importRoutes, {
  cancelImport,
  createImport,
  getImport,
  getImportErrorsFile,
  listImportErrors,
  listImports,
  putImportPart,
  resumeImport,
  startImport,
});
