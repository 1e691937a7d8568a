import { describe, expect, it } from 'vitest';
import { ConnectorInput } from '../../../../shared/connector/connector.ts';
import { applyMapping } from '../../../../shared/request/mapping.ts';
import { mappingOf, pathsIn, rowsOf } from './mapping-rows.ts';
import { configOf, emptyOf, valuesOf } from './values.ts';

const WEBHOOK = {
  kind: 'webhook' as const,
  name: 'Shop',
  isOn: false,
  queue: 'mortgage-web',
  toleranceSeconds: 60,
  mapping: {
    externalId: 'order.id',
    customer: { from: ['email', 'buyer.email'], take: 'first' as const, default: 'nobody@example.com' },
    text: { from: ['title', 'body'], take: 'all' as const },
    queue: { from: ['product'], take: 'first' as const, cases: { loan: 'mortgage-web', card: 'cards-web' } },
    category: { value: 'Complaint' },
    fields: { product: 'product', amount: 'order.lines[0].amount' },
  },
  only: [{ path: 'type', is: ['complaint.created', 'complaint.reopened'] }],
  signature: {
    scheme: 'hmac' as const,
    header: 'X-Hub-Signature-256',
    encoding: 'hex' as const,
    prefix: 'sha256=',
    signs: 'body' as const,
    timestampHeader: 'X-Timestamp',
  },
};
const EMAIL = { kind: 'email', name: 'Box', signature: { scheme: 'mailgun' } };
const ZENDESK = { kind: 'zendesk', name: 'Support desk', mapping: { text: 'ticket.description' } };

describe('the form of a connector', () => {
  it.each([WEBHOOK, EMAIL, ZENDESK])('gives back what it was given: $kind', (sent) => {
    const config = ConnectorInput.parse(sent);
    expect(ConnectorInput.parse(configOf(valuesOf(config)))).toEqual(config);
  });

  it.each(['webhook', 'zendesk', 'email'] as const)('of a new %s needs a name only', (kind) => {
    expect(ConnectorInput.safeParse(configOf(emptyOf(kind))).success).toBe(false);
    expect(ConnectorInput.parse(configOf({ ...emptyOf(kind), name: 'New' }))).toMatchObject({ kind, isOn: true });
  });
});

describe('the rows of a mapping', () => {
  it('make what the mapping made', () => {
    const payload = {
      order: { id: 7, lines: [{ amount: '3.20' }] },
      buyer: { email: 'ada@example.com' },
      title: 'Late',
    };
    const again = mappingOf(rowsOf(WEBHOOK.mapping));
    expect(applyMapping(again, payload)).toEqual({
      externalId: '7',
      customer: 'ada@example.com',
      text: 'Late',
      category: 'Complaint',
      fields: { amount: '3.20' },
    });
  });

  it('leave out what says nothing', () => {
    expect(mappingOf(rowsOf({}, { ...rowsOf({ text: 'a' }).plain.text, path: ' ' }))).toEqual({});
  });
});

it('offers the places of a sample in which something stands', () => {
  const sample = { id: 1, customer: { email: 'a@b.c', phone: null }, items: [{ sku: 'x' }, { sku: 'y' }] };
  expect(pathsIn(sample)).toEqual(['id', 'customer.email', 'items[0].sku', 'items[1].sku']);
});
