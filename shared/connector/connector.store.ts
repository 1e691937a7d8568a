/**
 * Connectors `CN#<company>` / `<random>` in the market table, found by their id alone; what could not become a request
 * `CE#<connector>` / `<time>#<content hash>` in the requests table.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { gunzipBytes, gzipBytes } from '../kernel/gzip.ts';
import { shortHash } from '../kernel/hash.ts';
import { randomToken, timeKey } from '../kernel/id.ts';
import type { Problem } from '../kernel/problem.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { openSecret, sealSecret } from '../kernel/secret-box.ts';
import { type SigningKeys, sign } from '../kernel/sign.ts';
import { ABSENT, type Item, type Key } from '../kernel/table.ts';
import { DAY, HOUR, iso, MINUTE, SECOND } from '../kernel/time.ts';
import {
  type ConnectorError,
  type ConnectorInput,
  MOST_CONNECTORS,
  StoredConnector,
  signatureOf,
} from './connector.ts';
import type { Payload } from './payload.ts';

const ERROR_KEPT_MS = 30 * DAY;
/** The largest compressed message that is kept whole, in bytes: an item has 400 KB. */
const MOST_KEPT_BYTES = 300 * 1024;
const MOST_SHOWN = 4_000;
const NOTE_EVERY_MS = MINUTE;

const connectorKey = (id: string): Key => {
  const at = id.indexOf('.');
  return { pk: `CN#co_${id.slice(3, at)}`, sk: id.slice(at + 1) };
};

/** A secret in the form that its scheme takes. */
const newSecret = (config: ConnectorInput): string =>
  signatureOf(config).scheme === 'standard-webhooks'
    ? `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`
    : randomToken(32);

/** Makes a connector and shows its secret, once. The same key makes the same connector. */
export async function createConnector(
  call: Call,
  signingKey: SigningKeys,
  company: string,
  config: ConnectorInput,
  givenSecret: string | undefined,
  commandKey: string,
): Promise<Result<{ connector: StoredConnector; secret: string }, 'too_many_connectors'>> {
  // Nobody guesses an id who does not have the key, though the same call gives the same one.
  const id = `cn_${company.slice(3)}.${await shortHash(await sign(signingKey, 'connector', [company, commandKey]))}`;
  const secret = givenSecret ?? newSecret(config);
  const connector: StoredConnector = {
    ...connectorKey(id),
    id,
    company,
    config,
    secrets: [{ sealed: await sealSecret(signingKey, secret, id), until: null }],
    refusedAt: null,
    refusedWhy: null,
    createdAt: call.now,
    changedAt: call.now,
  };
  const others = await listConnectors(call, company);
  if (others.filter((other) => other.id !== id).length >= MOST_CONNECTORS)
    return refuse('too_many_connectors', `A company has at most ${MOST_CONNECTORS} connectors: delete one first.`);
  const put = await call.tables.put('market', connector, ABSENT);
  if (put.ok) return ok({ connector, secret });
  const made = StoredConnector.parse(put.old);
  const [first] = await secretsOf(signingKey, made, 0);
  return ok({ connector: made, secret: first ?? secret });
}

export async function listConnectors(call: Call, company: string): Promise<StoredConnector[]> {
  return call.tables.queryAll('market', StoredConnector, { pk: `CN#${company}`, consistent: true });
}

/** A connector by its id, whoever asks: what is posted to it says by its signature who it comes from. */
export async function readConnector(call: Call, id: string): Promise<StoredConnector | undefined> {
  return call.tables.get('market', connectorKey(id), StoredConnector);
}

/** A connector of this company; another one's is as if it did not exist. */
export async function readOwnConnector(call: Call, company: string, id: string): Promise<StoredConnector | undefined> {
  if (!id.startsWith(`cn_${company.slice(3)}.`)) return undefined;
  return call.tables.get('market', connectorKey(id), StoredConnector, { consistent: true });
}

/** Changes how a connector works; undefined where it was deleted meanwhile. */
export async function changeConnector(
  call: Call,
  connector: StoredConnector,
  config: ConnectorInput,
): Promise<StoredConnector | undefined> {
  const changed = await call.tables.change(
    'market',
    connectorKey(connector.id),
    StoredConnector,
    { set: { config, changedAt: call.now } },
    [['present', 'pk']],
  );
  return changed.ok ? changed.item : undefined;
}

export async function deleteConnector(call: Call, id: string): Promise<void> {
  await call.tables.delete('market', connectorKey(id));
}

/** Gives a connector another secret; the one before is good for `overlapHours` more, older ones no more. */
export async function rotateSecret(
  call: Call,
  signingKey: SigningKeys,
  connector: StoredConnector,
  rotation: { secret: string | undefined; overlapHours: number; machineNow: number },
): Promise<{ connector: StoredConnector; secret: string } | undefined> {
  const secret = rotation.secret ?? newSecret(connector.config);
  const [current] = connector.secrets;
  const until = rotation.machineNow + rotation.overlapHours * HOUR;
  const secrets = [
    { sealed: await sealSecret(signingKey, secret, connector.id), until: null },
    ...(current === undefined || rotation.overlapHours === 0 ? [] : [{ sealed: current.sealed, until }]),
  ];
  const changed = await call.tables.change(
    'market',
    connectorKey(connector.id),
    StoredConnector,
    { set: { secrets, changedAt: call.now } },
    [['present', 'pk']],
  );
  return changed.ok ? { connector: changed.item, secret } : undefined;
}

/** The secrets that are good at a time of the machine, the newest first. */
export async function secretsOf(
  signingKey: SigningKeys,
  connector: StoredConnector,
  machineNow: number,
): Promise<string[]> {
  const good = connector.secrets.filter(({ until }) => until === null || until > machineNow);
  const opened = await Promise.all(good.map(({ sealed }) => openSecret(signingKey, sealed, connector.id)));
  return opened.filter((secret) => secret !== undefined);
}

/** Notes a bad signature for the company to see, at most once a minute: whoever knocks in vain writes nothing more. */
export async function noteRefused(
  call: Call,
  connector: StoredConnector,
  why: string,
  machineNow: number,
): Promise<void> {
  if (connector.refusedAt !== null && machineNow - connector.refusedAt < NOTE_EVERY_MS) return;
  await call.tables.update('market', connectorKey(connector.id), { set: { refusedAt: machineNow, refusedWhy: why } }, [
    ['present', 'pk'],
  ]);
}

const StoredError = z.object({
  pk: z.string(),
  sk: z.string(),
  at: z.number(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })),
  contentType: z.string(),
  /** Gzip of the whole body; null where it was too large. */
  body: z.instanceof(Uint8Array).nullable(),
});
export type StoredError = z.infer<typeof StoredError>;

const errorPartition = (connector: string): string => `CE#${connector}`;
const errorId = (sk: string): string => sk.replace('#', '.');
export const ErrorListKey = z.object({ pk: z.string(), sk: z.string() });

/** Keeps a message that could not become a request, and answers its id. The same message at the same time is one. */
export async function keepError(
  call: Call,
  connector: string,
  payload: Payload,
  problem: Problem,
  machineNow: number,
): Promise<string> {
  const [body, hash] = await Promise.all([
    gzipBytes(payload.bytes),
    shortHash(new TextDecoder('windows-1252').decode(payload.bytes)),
  ]);
  const sk = `${timeKey(call.now)}#${hash}`;
  await call.tables.put('requests', {
    pk: errorPartition(connector),
    sk,
    at: call.now,
    code: problem.code,
    detail: problem.detail.slice(0, 2_000),
    errors: problem.errors ?? [],
    contentType: (payload.headers['content-type'] ?? '').slice(0, 200),
    body: body.length <= MOST_KEPT_BYTES ? body : null,
    ttl: Math.floor((machineNow + ERROR_KEPT_MS) / SECOND),
  });
  return errorId(sk);
}

/** A page of what a connector could not turn into requests, newest first. */
export async function listErrors(
  call: Call,
  connector: string,
  page: { limit: number; after?: Item },
): Promise<{ items: ConnectorError[]; after: Item | undefined }> {
  const found = await call.tables.query('requests', StoredError, {
    pk: errorPartition(connector),
    descending: true,
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  return { items: await Promise.all(found.items.map(viewError)), after: found.after as Item | undefined };
}

/** When the oldest message came that a connector could not turn into a request, in milliseconds; undefined where there is none. */
export async function firstErrorAt(call: Call, connector: string): Promise<number | undefined> {
  const page = { pk: errorPartition(connector), limit: 1 };
  return (await call.tables.query('requests', z.object({ at: z.number() }), page)).items[0]?.at;
}

async function viewError(item: StoredError): Promise<ConnectorError> {
  const { at, code, detail, errors, contentType, body } = item;
  const text = body === null ? null : new TextDecoder().decode(await gunzipBytes(new Uint8Array(body)));
  return {
    id: errorId(item.sk),
    at: iso(at),
    code,
    detail,
    errors,
    contentType,
    payload: text === null ? null : text.slice(0, MOST_SHOWN),
    canRetry: body !== null,
  };
}

const errorKey = (connector: string, id: string): Key => ({ pk: errorPartition(connector), sk: id.replace('.', '#') });

/** A message that was kept; `payload` is null where it was too large. Undefined where there is no such error. */
export async function readError(
  call: Call,
  connector: string,
  id: string,
): Promise<{ payload: Payload | null } | undefined> {
  const item = await call.tables.get('requests', errorKey(connector, id), StoredError, { consistent: true });
  if (item === undefined) return undefined;
  if (item.body === null) return { payload: null };
  const bytes = await gunzipBytes(new Uint8Array(item.body));
  return { payload: { bytes, headers: item.contentType === '' ? {} : { 'content-type': item.contentType } } };
}

export async function deleteError(call: Call, connector: string, id: string): Promise<void> {
  await call.tables.delete('requests', errorKey(connector, id));
}
