/**
 * The table layer's commands to the bundled engine over plain HTTP. It answers what the SDK's document client answers, at a
 * third of its processor time: most of a call's time in a market of one machine was the client's.
 */
import { type Agent, request } from 'node:http';
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

type Fields = Record<string, unknown>;

const TARGETS = new Map<unknown, string>([
  [BatchGetCommand, 'BatchGetItem'],
  [DeleteCommand, 'DeleteItem'],
  [GetCommand, 'GetItem'],
  [PutCommand, 'PutItem'],
  [QueryCommand, 'Query'],
  [TransactWriteCommand, 'TransactWriteItems'],
  [UpdateCommand, 'UpdateItem'],
]);
const MOST_TRIES = 3;

/** The same client; it sends the table layer's commands by itself, and all others as before. */
export function overPlainHttp(client: DynamoDBDocumentClient, endpoint: string, agent: Agent): DynamoDBDocumentClient {
  const asBefore = client.send.bind(client) as (command: unknown, ...rest: unknown[]) => Promise<unknown>;
  const send = (command: { input: Fields }, ...rest: unknown[]): Promise<unknown> => {
    const target = TARGETS.get(command.constructor);
    return target === undefined ? asBefore(command, ...rest) : call({ endpoint, agent, target }, command.input);
  };
  return Object.assign(client, { send });
}

type Place = { endpoint: string; agent: Agent; target: string };

async function call(place: Place, input: Fields): Promise<Fields> {
  const body = JSON.stringify(toWire(input));
  for (let attempt = 1; ; attempt++) {
    try {
      const { status, text } = await post(place, body);
      if (status === 200) return fromWire(JSON.parse(text) as Fields);
      const refused = refusalIn(text);
      if (status < 500 || attempt === MOST_TRIES) throw refused;
    } catch (error) {
      // A connection that was kept alive may end just now; who refuses has a name.
      if (!isConnection(error) || attempt === MOST_TRIES) throw error;
    }
  }
}

const isConnection = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ECONNRESET', 'EPIPE'].includes(String(error.code));

function post({ endpoint, agent, target }: Place, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
      'x-amz-target': `DynamoDB_20120810.${target}`,
      ...UNSIGNED,
    };
    const sent = request(endpoint, { agent, method: 'POST', headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The engine wants a signature to be there, and never looks at it. */
export const UNSIGNED = {
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
};

/** An error as the SDK throws it: with its name, and items as they came. */
function refusalIn(text: string): Error {
  // A type's tag is never an attribute's name here: what stands in a map is an object.
  const bytesIn = (key: string, value: unknown) => (key === 'B' && typeof value === 'string' ? bytesOf(value) : value);
  const { __type: type = '', message, Message, ...facts } = JSON.parse(text, bytesIn) as Record<string, string>;
  const error = Object.assign(new Error(message ?? Message ?? type), facts);
  error.name = type.split('#').at(-1) ?? type;
  return error;
}

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const mapped = (fields: Fields, change: (value: unknown) => unknown): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, change(value)]])),
  );

/** Where the protocol has attributes, by the names of its fields; lists of them have the same names in the plural. */
const RECORDS = new Set([
  'Key',
  'Item',
  'ExpressionAttributeValues',
  'ExclusiveStartKey',
  'LastEvaluatedKey',
  'Attributes',
]);
const LISTS = new Set(['Keys', 'Items']);
/** Fields whose own fields are looked at again: tables, and the writes of a transaction. */
const NESTED = new Set(['RequestItems', 'UnprocessedKeys']);

function toWire(input: Fields): Fields {
  const wire: Fields = {};
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    if (RECORDS.has(name)) wire[name] = attributesOf(value as Fields);
    else if (LISTS.has(name)) wire[name] = (value as Fields[]).map(attributesOf);
    else if (NESTED.has(name)) wire[name] = mapped(value as Fields, (one) => toWire(one as Fields));
    else if (name === 'TransactItems')
      wire[name] = (value as Fields[]).map((write) => mapped(write, (one) => toWire(one as Fields)));
    else wire[name] = value;
  }
  return wire;
}

function fromWire(wire: Fields): Fields {
  const output: Fields = {};
  for (const [name, value] of Object.entries(wire)) {
    if (RECORDS.has(name)) output[name] = valuesOf(value as Fields);
    else if (LISTS.has(name)) output[name] = (value as Fields[]).map(valuesOf);
    else if (NESTED.has(name)) output[name] = mapped(value as Fields, (one) => fromWire(one as Fields));
    else if (name === 'Responses') output[name] = mapped(value as Fields, (items) => (items as Fields[]).map(valuesOf));
    else output[name] = value;
  }
  return output;
}

const attributesOf = (fields: Fields): Fields => mapped(fields, toAttribute);
const valuesOf = (fields: Fields): Fields => mapped(fields, (value) => fromAttribute(value as Fields));

function toAttribute(value: unknown): Fields {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number') return { N: numberText(value) };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { L: value.filter((one) => one !== undefined).map(toAttribute) };
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return { M: attributesOf(value as Fields) };
  throw new TypeError(`A table holds no ${typeof value}`);
}

function numberText(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new RangeError(`${value} is no number that a table keeps as it is`);
  return String(value);
}

function fromAttribute(attribute: Fields): unknown {
  const [found] = Object.entries(attribute);
  if (found === undefined) throw new TypeError('an attribute without a type');
  const [type, value] = found;
  switch (type) {
    case 'S':
    case 'BOOL':
      return value;
    case 'N':
      return Number(value);
    case 'NULL':
      return null;
    case 'B':
      return bytesOf(String(value));
    case 'L':
      return (value as Fields[]).map(fromAttribute);
    case 'M':
      return valuesOf(value as Fields);
    default:
      throw new TypeError(`an attribute of type ${type}`);
  }
}
