/** Pages as one list, and webhooks that are what they claim. */
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { createParley } from './client.ts';
import { allItems, eachItem, type PageOf } from './pages.ts';
import { verifyWebhook, WebhookVerificationError } from './webhooks.ts';

describe('a list in pages', () => {
  const pages: Record<string, PageOf<number>> = {
    first: { items: [1, 2], next: 'a' },
    a: { items: [], next: 'b' },
    b: { items: [3], next: null },
  };
  const page = async (cursor: string | undefined) => pages[cursor ?? 'first']!;

  it('is read to its end, over empty pages', async () => {
    expect(await allItems(page)).toEqual([1, 2, 3]);
    await expect(allItems(page, 2)).rejects.toThrow('more than 2');
  });

  it('is asked for only as far as it is used', async () => {
    const asked: (string | undefined)[] = [];
    const told = (cursor: string | undefined) => {
      asked.push(cursor);
      return page(cursor);
    };
    for await (const item of eachItem(told)) if (item === 2) break;
    expect(asked).toEqual([undefined]);
  });
});

describe('a webhook', () => {
  const secret = `whsec_${Buffer.from('k'.repeat(32)).toString('base64')}`;
  const event = { type: 'work.available', timestamp: '2026-02-02T09:00:00.000Z', data: { queue: 'cards' } };
  const body = JSON.stringify(event);
  const signed = (at: Date, by = secret): Record<string, string> => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(by).sign('msg_1', at, body),
  });

  it('gives its event where the signature fits, from either kind of headers', () => {
    expect(verifyWebhook(secret, signed(new Date()), body)).toEqual({ id: 'msg_1', event });
    expect(verifyWebhook(secret, new Headers(signed(new Date())), body).event.type).toBe('work.available');
  });

  it('is refused where it was changed, signed by another, is old, or is not signed', () => {
    const other = `whsec_${Buffer.from('x'.repeat(32)).toString('base64')}`;
    const now = new Date();
    const hourAgo = new Date(now.getTime() - 3_600_000);
    for (const [headers, text] of [
      [signed(now), body.replace('cards', 'loans')],
      [signed(now, other), body],
      [signed(hourAgo), body],
      [{ 'webhook-id': 'msg_1' }, body],
    ] as const)
      expect(() => verifyWebhook(secret, headers, text)).toThrow(WebhookVerificationError);
  });
});

describe('Retry-After', () => {
  const answering = (retryAfter: string) => {
    let sent = 0;
    const parley = createParley({
      baseUrl: 'http://market.test',
      pauseMs: 1,
      fetch: async () => {
        sent += 1;
        return sent === 1
          ? new Response('{}', { status: 503, headers: { 'retry-after': retryAfter } })
          : new Response('{}', { status: 200, headers: { 'content-type': 'application/json' } });
      },
    });
    return parley.GET('/v1/organisation').then(({ response }) => ({ sent, status: response.status }));
  };

  it('is honoured up to a minute; for longer the caller decides', async () => {
    expect(await answering('0')).toEqual({ sent: 2, status: 200 });
    expect(await answering('61')).toEqual({ sent: 1, status: 503 });
  });
});
