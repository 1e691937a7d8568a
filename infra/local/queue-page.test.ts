import { describe, expect, it } from 'vitest';
import type { PublicQueue, PublicRound } from '../../shared/queue/queue.ts';
import { type QueuePage, queuePage } from './queue-page.ts';

const NOW = Date.UTC(2026, 0, 10);
const round = (more: Partial<PublicRound> = {}): PublicRound => ({
  queue: 'q',
  round: 2,
  state: 'active',
  termsVersion: 1,
  closesAt: '2025-12-31T00:00:00.000Z',
  startsAt: '2026-01-01T00:00:00.000Z',
  endsAt: '2026-02-01T00:00:00.000Z',
  seedHash: 'x',
  seed: null,
  figures: {
    companies: 4,
    providers: 2,
    committed: 1_300,
    awarded: 1_200,
    billingsMicros: 2_400_000_000,
    standaloneMicros: 3_000_000_000,
    valueMicros: 0,
    gapMicros: 0,
  },
  pooled: null,
  tip: null,
  averagePriceMicros: 2_000_000,
  averageStandaloneMicros: 2_500_000,
  ...more,
});

const queue = (category: string, more: Partial<PublicQueue> = {}): PublicQueue =>
  ({
    id: `${category.toLowerCase()}-web`,
    serviceClass: { category, channel: 'Web', language: 'en-US', region: 'US', slaTier: 'standard' },
    currency: 'USD',
    createdAt: '2025-01-01T00:00:00.000Z',
    terms: { ceilingMicros: 6_000_000 },
    termsVersion: 1,
    current: round(),
    open: round({
      round: 3,
      state: 'open',
      figures: null,
      averagePriceMicros: null,
      averageStandaloneMicros: null,
      closesAt: '2026-01-31T00:00:00.000Z',
    }),
    ...more,
  }) as PublicQueue;

const page = (queues: PublicQueue[], more: Partial<QueuePage> = {}) => {
  const answer = queuePage({
    queues,
    past: new Map(),
    isCut: false,
    nowMs: NOW,
    clockMode: 'running',
    notice: null,
    ...more,
  });
  return {
    ...answer,
    text: String(answer.body)
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' '),
    html: String(answer.body),
  };
};

describe('the page of queues', () => {
  it('shows volume, price, what it costs alone, saving, members and the round’s clock', () => {
    const { text } = page([queue('Mortgage')]);
    expect(text).toContain('Mortgage · Web en-US · US · standard 1,200 2.00 USD 2.50 USD 20.0 % 4');
    expect(text).toContain('Round 2 active, ends in 22 days Round 3 takes bids, closes in 21 days');
    expect(text).toContain('2,400 USD together, 3,000 USD each alone 20.0 % saved');
    expect(text).toContain('2026-01-10 00:00 (UTC, running clock)');
  });

  it('shows the ceiling, and no figures, where there is no price yet', () => {
    const { text } = page([queue('Loan', { current: null })]);
    expect(text).toContain('– at most 6.00 USD – – fewer than 3 Round 3 takes bids');
  });

  it('shows the last round that had a result where none is active', () => {
    const closed = round({ state: 'closed', endsAt: '2026-01-01T00:00:00.000Z' });
    const past = new Map([['loan-web', closed]]);
    const { text } = page([queue('Loan', { current: null })], { past });
    expect(text).toContain('1,200 2.00 USD 2.50 USD 20.0 % 4 Round 2 closed, ended 9 days ago Round 3 takes bids');
  });

  it('says what to do where there are no queues', () => {
    const { text, html } = page([]);
    expect(text).toContain('No queues yet.');
    expect(html).not.toContain('<table');
  });

  it('offers a filter for many queues, and says where it shows only some', () => {
    const many = Array.from({ length: 120 }, (_, n) => queue(`Category ${n}`));
    const { html, text, headers } = page(many, { isCut: true });
    expect(html).toContain('id="filter"');
    expect(text).toContain('The first 120 are shown');
    expect(headers['content-security-policy']).toMatch(/script-src 'sha256-[A-Za-z0-9+/=]+'/);
    expect(page([queue('One')]).html).not.toContain('<script');
  });

  it('never takes a queue’s name for markup', () => {
    const { html } = page([queue('<img src=x onerror="alert(1)">')], { notice: '<b>' });
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<p role="status"><b>');
  });
});
