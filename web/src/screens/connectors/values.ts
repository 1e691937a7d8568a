/** A connector's form: its values, and the ConnectorInput they make. */
import type * as z from 'zod';
import type { ConnectorInput } from '../../../../shared/connector/connector.ts';
import { mappingOf, PATH_ROW, type Rows, rowsOf } from './mapping-rows.ts';

export type Kind = ConnectorInput['kind'];
export const KINDS: readonly Kind[] = ['webhook', 'zendesk', 'email'];
type Sent = z.input<typeof import('../../../../shared/connector/connector.ts').ConnectorInput>;
export type Scheme = 'standard-webhooks' | 'hmac' | 'password' | 'mailgun';
export const SCHEMES_OF: Readonly<Record<Kind, readonly Scheme[]>> = {
  webhook: ['standard-webhooks', 'hmac', 'password'],
  zendesk: [],
  email: ['password', 'mailgun', 'standard-webhooks', 'hmac'],
};
/** A condition under which a message counts: the place, and the values that it may have there, with commas between. */
export type OnlyRow = { path: string; is: string };

export type Values = {
  kind: Kind;
  name: string;
  isOn: boolean;
  queue: string;
  toleranceSeconds: number | string;
  scheme: Scheme;
  header: string;
  encoding: 'hex' | 'base64';
  prefix: string;
  signs: 'body' | 'timestamp.body' | 'timestamp+body';
  timestampHeader: string;
  mapping: Rows;
  only: readonly OnlyRow[];
  /** Only where one is made: the secret that the other system made. */
  secret: string;
};

const HMAC = {
  header: 'X-Signature',
  encoding: 'hex',
  prefix: '',
  signs: 'body',
  timestampHeader: 'X-Timestamp',
} as const;

/** A new connector of a kind. A webhook's mapping starts with a place for each field. */
export const emptyOf = (kind: Kind): Values => ({
  kind,
  name: '',
  isOn: true,
  queue: '',
  toleranceSeconds: 300,
  scheme: SCHEMES_OF[kind][0] ?? 'password',
  ...HMAC,
  mapping: rowsOf({}, kind === 'webhook' ? PATH_ROW : undefined),
  only: [],
  secret: '',
});

export function valuesOf(config: ConnectorInput): Values {
  const { kind, name, isOn, queue = '', toleranceSeconds } = config;
  const signature = kind === 'zendesk' ? undefined : config.signature;
  return {
    ...emptyOf(kind),
    name,
    isOn,
    queue,
    toleranceSeconds,
    ...(signature === undefined ? {} : signature),
    mapping: rowsOf(kind === 'email' ? {} : config.mapping),
    only: kind === 'webhook' ? config.only.map(({ path, is }) => ({ path, is: is.join(', ') })) : [],
  };
}

export function configOf(values: Values): Sent {
  const { kind, name, isOn, queue, toleranceSeconds } = values;
  const common = {
    name,
    isOn,
    toleranceSeconds: Number(toleranceSeconds),
    ...(queue === '' ? {} : { queue }),
  };
  if (kind === 'zendesk') return { kind, ...common, mapping: mappingOf(values.mapping) };
  if (kind === 'email') return { kind, ...common, signature: signatureOf(values) };
  const { scheme } = values;
  if (scheme === 'mailgun') throw new Error('a webhook is not signed as Mailgun does');
  return {
    kind,
    ...common,
    mapping: mappingOf(values.mapping),
    only: values.only.flatMap(({ path, is }) => {
      const texts = is.split(',').map((text) => text.trim());
      return path.trim() === '' ? [] : [{ path: path.trim(), is: texts.filter((text) => text !== '') }];
    }),
    signature: signatureOf({ ...values, scheme }),
  };
}

type Hmac = { scheme: 'hmac' } & Pick<Values, 'header' | 'encoding' | 'prefix' | 'signs' | 'timestampHeader'>;

function signatureOf<S extends Scheme>(values: Omit<Values, 'scheme'> & { scheme: S }): Hmac | { scheme: S & Plain } {
  const { scheme, header, encoding, prefix, signs, timestampHeader } = values;
  if (scheme === 'hmac') return { scheme: 'hmac', header, encoding, prefix, signs, timestampHeader };
  return { scheme: scheme as S & Plain };
}
type Plain = Exclude<Scheme, 'hmac'>;
