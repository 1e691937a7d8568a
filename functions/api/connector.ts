/** Connectors over the API, and the address at which their messages come in. */

import { connectorRoutes } from '../../shared/api/routes/connector.ts';
import {
  changeConnector,
  createConnector as createStored,
  deleteError,
  deleteConnector as deleteStored,
  ErrorListKey,
  listErrors,
  listConnectors as listStored,
  noteRefused,
  readConnector,
  readError,
  readOwnConnector,
  rotateSecret,
  secretsOf,
} from '../../shared/connector/connector.store.ts';
import { type StoredConnector, signatureOf, viewConnector } from '../../shared/connector/connector.ts';
import { deliver, dryRun } from '../../shared/connector/inbound.store.ts';
import { wrongSignature } from '../../shared/connector/signature.ts';
import type { Member } from '../../shared/identity/identity.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { SECOND } from '../../shared/kernel/time.ts';
import { readOrganisation } from '../../shared/organisation/organisation.store.ts';
import { readQueueItem } from '../../shared/queue/queue.store.ts';
import { api } from '../middleware/api.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { type FieldRefusal, refuseFields } from '../middleware/fields.ts';
import { keyOf } from '../middleware/idempotency.ts';
import { takeToken } from '../middleware/rate-limit.ts';
import { NOT_APPROVED } from '../middleware/refusals.ts';
import { loadTriageModel } from '../triage-model.ts';

const NO_CONNECTOR = refuse('not_found', 'There is no such connector; GET /v1/connectors lists yours.');
const NO_ERROR = refuse('not_found', 'There is no such error; it was retried, thrown away, or is older than 30 days.');
/** Messages without a good signature, by source address. */
const REFUSED = { name: 'inbound', size: 30, refillMs: 2 * SECOND };

const ownConnector = (context: Context<Member>, id: string) => readOwnConnector(context, context.actor.tenant, id);
const view = (context: Context, connector: StoredConnector) => viewConnector(connector, context.machineNow);

async function unknownQueue(context: Context, queue: string | undefined): Promise<FieldRefusal | undefined> {
  if (queue === undefined || (await readQueueItem(context.tables, queue)) !== undefined) return undefined;
  return refuseFields([{ field: 'queue', message: 'is no queue of this market: GET /v1/queues lists them' }]);
}

const createConnector: Handler<'createConnector'> = async (context, { body }) => {
  const { actor, runtime } = context;
  if (!actor.approved) return NOT_APPROVED;
  const wrong = await unknownQueue(context, body.config.queue);
  if (wrong !== undefined) return wrong;
  const made = await createStored(context, runtime.signingKey, actor.tenant, body.config, body.secret, keyOf(context));
  if (!made.ok) return made;
  const connector = view(context, made.value.connector);
  return {
    status: 201,
    body: { connector, secret: made.value.secret },
    onRepeat: { body: { connector, secret: null } },
  };
};

const listConnectors: Handler<'listConnectors'> = async (context) => {
  const items = await listStored(context, context.actor.tenant);
  return { status: 200, body: { items: items.map((item) => view(context, item)) } };
};

const getConnector: Handler<'getConnector'> = async (context, { params }) => {
  const connector = await ownConnector(context, params.connector);
  return connector === undefined ? NO_CONNECTOR : { status: 200, body: view(context, connector) };
};

const putConnector: Handler<'putConnector'> = async (context, { params, body }) => {
  const connector = await ownConnector(context, params.connector);
  if (connector === undefined) return NO_CONNECTOR;
  const { kind } = connector.config;
  if (body.kind !== kind)
    return refuseFields([{ field: 'kind', message: `must stay ${kind}: make a new connector for another kind` }]);
  const wrong = await unknownQueue(context, body.queue);
  if (wrong !== undefined) return wrong;
  const changed = await changeConnector(context, connector, body);
  return changed === undefined ? NO_CONNECTOR : { status: 200, body: view(context, changed) };
};

const deleteConnector: Handler<'deleteConnector'> = async (context, { params }) => {
  const connector = await ownConnector(context, params.connector);
  if (connector === undefined) return NO_CONNECTOR;
  await deleteStored(context, connector.id);
  return { status: 204, body: null };
};

const rotateConnectorSecret: Handler<'rotateConnectorSecret'> = async (context, { params, body }) => {
  const connector = await ownConnector(context, params.connector);
  if (connector === undefined) return NO_CONNECTOR;
  const { machineNow, runtime } = context;
  const { secret, overlapHours } = body;
  const rotated = await rotateSecret(context, runtime.signingKey, connector, { secret, overlapHours, machineNow });
  if (rotated === undefined) return NO_CONNECTOR;
  const shown = view(context, rotated.connector);
  return {
    status: 200,
    body: { connector: shown, secret: rotated.secret },
    onRepeat: { body: { connector: shown, secret: null } },
  };
};

const testConnector: Handler<'testConnector'> = async (context, { params, body }) => {
  const connector = await ownConnector(context, params.connector);
  return connector === undefined ? NO_CONNECTOR : { status: 200, body: await dryRun(context, connector, body) };
};

const listConnectorErrors: Handler<'listConnectorErrors'> = async (context, { params, query }) => {
  const connector = await ownConnector(context, params.connector);
  if (connector === undefined) return NO_CONNECTOR;
  const after = await pageKeyOf(context, query.cursor, ErrorListKey);
  if (!after.ok) return after;
  const page = await listErrors(context, connector.id, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

const retryConnectorError: Handler<'retryConnectorError'> = async (context, { params }) => {
  if (!context.actor.approved) return NOT_APPROVED;
  const connector = await ownConnector(context, params.connector);
  if (connector === undefined) return NO_CONNECTOR;
  const kept = await readError(context, connector.id, params.error);
  if (kept === undefined) return NO_ERROR;
  if (kept.payload === null)
    return refuseFields([{ field: 'error', message: 'was too large to be kept: send the message again' }]);
  const delivered = await deliver(context, connector, kept.payload, context.machineNow, loadTriageModel, {
    keepErrors: false,
  });
  if (!delivered.ok) return delivered;
  if (delivered.value.outcome === 'kept') return { status: 200, body: { ...delivered.value, error: params.error } };
  await deleteError(context, connector.id, params.error);
  return { status: 200, body: delivered.value };
};

const deleteConnectorError: Handler<'deleteConnectorError'> = async (context, { params }) => {
  const connector = await ownConnector(context, params.connector);
  if (connector === undefined) return NO_CONNECTOR;
  await deleteError(context, connector.id, params.error);
  return { status: 204, body: null };
};

const receiveInbound: Handler<'receiveInbound'> = async (context, { params, body }) => {
  const { runtime, machineNow } = context;
  const connector = await readConnector(context, params.connector);
  if (connector === undefined)
    return (
      (await tooOften(context)) ?? refuse('not_found', 'There is no such address; ask the company for the right one.')
    );
  const { config } = connector;
  const secrets = await secretsOf(runtime.signingKey, connector, machineNow);
  const wrong = await wrongSignature(signatureOf(config), secrets, body, machineNow, config.toleranceSeconds);
  if (wrong !== undefined) {
    const refused = await tooOften(context);
    if (refused !== undefined) return refused;
    await noteRefused(context, connector, wrong, machineNow);
    return refuse('bad_signature', wrong);
  }
  if (!config.isOn) return refuse('connector_off', 'This connector is switched off; send the message again later.');
  const organisation = await readOrganisation(context.tables, connector.company);
  if (organisation?.status !== 'approved') return NOT_APPROVED;
  const delivered = await deliver(context, connector, body, machineNow, loadTriageModel);
  if (!delivered.ok) return delivered;
  return { status: delivered.value.outcome === 'kept' ? 202 : 200, body: delivered.value };
};

/** Counts calls that prove nothing; refused where one address makes too many. */
async function tooOften(context: Context) {
  const { tables, sourceAddress, runtime, machineNow } = context;
  const source = { tables, address: sourceAddress, signingKey: runtime.signingKey, machineNow };
  const token = await takeToken(REFUSED, source);
  return token.ok ? undefined : token;
}

export const handler = api('connector', connectorRoutes, {
  createConnector,
  deleteConnector,
  deleteConnectorError,
  getConnector,
  listConnectorErrors,
  listConnectors,
  putConnector,
  receiveInbound,
  retryConnectorError,
  rotateConnectorSecret,
  testConnector,
});
