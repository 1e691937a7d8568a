/**
 * A short way to the bundled engine for the calls that the table layer makes. Commands go in and answers and errors come
 * out as through the SDK's document client, whose work for AWS's sake (endpoints, signatures, schemas in both directions)
 * is most of what a call costs on one machine.
 */
import { randomUUID } from 'node:crypto';
import { type Agent, request } from 'node:http';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { convertToAttr, convertToNative, marshall } from '@aws-sdk/util-dynamodb';

const OPERATIONS = new Map<unknown, string>([
  [BatchGetCommand, 'BatchGetItem'],
  [DeleteCommand, 'DeleteItem'],
  [GetCommand, 'GetItem'],
  [PutCommand, 'PutItem'],
  [QueryCommand, 'Query'],
  [TransactWriteCommand, 'TransactWriteItems'],
  [UpdateCommand, 'UpdateItem'],
]);
const ATTEMPTS = 3;
const RETRY_PAUSE_MS = 50;
/** A connection that breaks, or an engine that is just not there: what the SDK tries again. */
const BROKEN = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);
/** The engine wants a signature to be there and never looks at it. */
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
};

type Send = DynamoDBDocumentClient['send'];
type Command = Parameters<Send>[0];
type Json = { [name: string]: unknown };

/** What `send` of a document client may be replaced by, for an engine of ours at `endpoint`. Other commands go to `others`. */
export function engineCalls(endpoint: string, agent: Agent, others: (command: Command) => Promise<unknown>): Send {
  const { hostname, port } = new URL(endpoint);
  const post = (operation: string, body: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const headers = {
        ...HEADERS,
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'content-length': Buffer.byteLength(body),
      };
      const outgoing = request({ host: hostname, port, agent, method: 'POST', path: '/', headers }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (part: string) => {
          text += part;
        });
        incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
        incoming.once('error', reject);
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  const send = async (command: Command): Promise<unknown> => {
    const operation = OPERATIONS.get(command.constructor);
    if (operation === undefined) return others(command);
    const body = JSON.stringify(outgoingOf(command.input as Json));
    for (let attempt = 1; ; attempt++) {
      try {
        const { status, text } = await post(operation, body);
        if (status === 200) return incomingOf(JSON.parse(text) as Json);
        if (status < 500 || attempt === ATTEMPTS) throw errorOf(status, text);
      } catch (error) {
        if (attempt === ATTEMPTS || !BROKEN.has(String((error as NodeJS.ErrnoException).code))) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS * attempt));
    }
  };
  return send as Send;
}

/** A command's input with its items in the attribute form. A transaction gets a token, so that it can be sent again. */
function outgoingOf(input: Json): Json {
  const sent = { ...input };
  for (const name of ['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey'])
    if (sent[name] !== undefined) sent[name] = encodedItem(sent[name] as Json);
  if (sent.RequestItems !== undefined)
    sent.RequestItems = mapped(sent.RequestItems as Json, (wanted) => {
      const { Keys, ...rest } = wanted as { Keys: Json[] };
      return { ...rest, Keys: Keys.map(encodedItem) };
    });
  if (sent.TransactItems !== undefined) {
    sent.TransactItems = (sent.TransactItems as Json[]).map((write) =>
      mapped(write, (part) => outgoingOf(part as Json)),
    );
    sent.ClientRequestToken ??= randomUUID();
  }
  return sent;
}

/** An answer with its items as plain values. */
function incomingOf(answer: Json): Json {
  for (const name of ['Item', 'Attributes', 'LastEvaluatedKey'])
    if (answer[name] !== undefined) answer[name] = decodedItem(answer[name] as Json);
  if (answer.Items !== undefined) answer.Items = (answer.Items as Json[]).map(decodedItem);
  if (answer.Responses !== undefined)
    answer.Responses = mapped(answer.Responses as Json, (items) => (items as Json[]).map(decodedItem));
  if (answer.UnprocessedKeys !== undefined)
    answer.UnprocessedKeys = mapped(answer.UnprocessedKeys as Json, (left) => {
      const { Keys, ...rest } = left as { Keys: Json[] };
      return { ...rest, Keys: Keys.map(decodedItem) };
    });
  return answer;
}

/** The engine's refusal under its name; items in it stay in the attribute form, as the SDK leaves them. */
function errorOf(status: number, text: string): Error {
  const body = parsed(text);
  const message = String(body.message ?? body.Message ?? `the engine answered ${status}`);
  const error = new Error(message) as Error & Json;
  error.name = String(body.__type ?? 'InternalServerError')
    .split('#')
    .at(-1)!;
  error.$metadata = { httpStatusCode: status };
  if (body.Item !== undefined) error.Item = attributesOf(body.Item as Json);
  if (body.CancellationReasons !== undefined)
    error.CancellationReasons = (body.CancellationReasons as Json[]).map((reason) =>
      reason.Item === undefined ? reason : { ...reason, Item: attributesOf(reason.Item as Json) },
    );
  return error;
}

const attributesOf = (item: Json): Json => marshall(decodedItem(item));

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

function mapped(of: Json, by: (value: unknown) => unknown): Json {
  const all: Json = {};
  for (const name in of) all[name] = by(of[name]);
  return all;
}

function encodedItem(item: Json): Json {
  const encoded: Json = {};
  for (const name in item) if (item[name] !== undefined) encoded[name] = encodedValue(item[name]);
  return encoded;
}

/** The everyday values here, the others by the SDK's own translation. */
function encodedValue(value: unknown): Json {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      if (Number.isSafeInteger(value)) return { N: String(value) };
      break;
    case 'boolean':
      return { BOOL: value };
    case 'object':
      if (value === null) return { NULL: true };
      if (Array.isArray(value)) return { L: value.filter((one) => one !== undefined).map(encodedValue) };
      if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') };
      if (Object.getPrototypeOf(value) === Object.prototype) return { M: encodedItem(value as Json) };
      break;
  }
  return { ...convertToAttr(value as Parameters<typeof convertToAttr>[0], { removeUndefinedValues: true }) };
}

function decodedItem(item: Json): Json {
  const decoded: Json = {};
  for (const name in item) decoded[name] = decodedValue(item[name] as Json);
  return decoded;
}

function decodedValue(value: Json): unknown {
  for (const type in value) {
    const held = value[type];
    switch (type) {
      case 'S':
      case 'BOOL':
        return held;
      case 'N': {
        const number = Number(held);
        if (Number.isSafeInteger(number)) return number;
        break;
      }
      case 'NULL':
        return null;
      case 'M':
        return decodedItem(held as Json);
      case 'L':
        return (held as Json[]).map(decodedValue);
      case 'B':
        return new Uint8Array(Buffer.from(String(held), 'base64'));
    }
  }
  return convertToNative(value as unknown as AttributeValue);
}
