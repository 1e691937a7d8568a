import { describe, expect, it } from 'vitest';
import type { PublicQueue } from '../../../../../shared/queue/queue.ts';
import { TicketCounter } from './count.ts';
import { dayOf, dayOrderOf } from './dates.ts';
import { companyColumn, guess } from './mapping.ts';
import { channelOf, demandByQueue, perRound, proposalsOf, sumOfRanges, yearlySaving } from './proposals.ts';

const DAY = 86_400_000;
const day = (iso: string) => Date.parse(iso) / DAY;

describe('the columns of a file', () => {
  it('are guessed from their names, in English and German, and from the exports of the usual help desks', () => {
    const zendesk = guess(['Id', 'Subject', 'Created at', 'Via', 'Group'], 'en-US');
    expect(zendesk).toMatchObject({
      isSure: true,
      mapping: { created: { column: 'Created at' }, category: { column: 'Group' }, channel: { column: 'Via' } },
    });
    const german = guess(['Erstellt am', 'Kategorie', 'Kanal', 'Sprache'], 'de-DE');
    expect(german.mapping).toMatchObject({
      created: { column: 'Erstellt am' },
      category: { column: 'Kategorie' },
      language: { column: 'Sprache' },
      region: { constant: 'DE' },
    });
  });

  it('are for a person to correct where no name tells', () => {
    expect(guess(['a', 'b'], 'en-GB')).toEqual({
      isSure: false,
      mapping: {
        created: { column: 'a' },
        category: { column: 'a' },
        channel: { constant: 'Web' },
        language: { constant: 'en-GB' },
        region: { constant: 'GB' },
      },
    });
    expect(companyColumn(['src_row', 'company'])).toBe('company');
  });
});

describe('a day', () => {
  it.each([
    ['2025-03-04T10:00:00Z', day('2025-03-04')],
    ['03/04/2025 10:00', day('2025-03-04')],
    ['1741082400', day('2025-03-04')],
    ['1741082400000', day('2025-03-04')],
    ['Mar 4, 2025 UTC', day('2025-03-04')],
    ['31/31/2025', null],
    ['', null],
    ['yesterday 7', null],
  ])('is read from %j', (text, expected) => {
    expect(dayOf(text, 'month first')).toBe(expected);
  });

  it('has the order that the column keeps to', () => {
    expect(dayOf('4.3.2025', 'day first')).toBe(day('2025-03-04'));
    expect(dayOrderOf(['3/4/2025', '13/4/2025'], 'en-US')).toBe('day first');
    expect(dayOrderOf(['3/4/2025', '3/14/2025'], 'en-GB')).toBe('month first');
    expect(dayOrderOf(['3.4.2025'], 'en-US')).toBe('day first');
    expect(dayOrderOf(['3/4/2025'], 'en-US')).toBe('month first');
  });
});

const HEADER = ['company', 'date', 'about', 'via'];
const MAPPING = {
  created: { column: 'date' },
  category: { column: 'about' },
  channel: { column: 'via' },
  language: { constant: 'en-US' },
  region: { constant: 'US' },
};

describe('counting', () => {
  it('keeps kinds and days, and tells what it left out and why', () => {
    const counter = new TicketCounter(HEADER, MAPPING, { column: 'company', value: 'Acme' }, 'month first');
    for (const row of [
      ['Acme', '2025-01-01', 'Billing', 'web form'],
      ['Acme', '2025-12-31', 'Billing', 'web form'],
      ['Acme', '2025-06-01', 'Delivery', ''],
      ['Acme', 'soon', 'Billing', 'web form'],
      ['Acme', '2025-06-01', ' ', 'web form'],
      ['Bolt', '2025-06-01', 'Billing', 'web form'],
    ])
      counter.add(row);
    expect(counter.result()).toEqual({
      rows: 6,
      counted: 3,
      withoutDate: 1,
      withoutCategory: 1,
      others: 1,
      firstDay: day('2025-01-01'),
      lastDay: day('2025-12-31'),
      groups: [
        { category: 'Billing', channel: 'web form', language: 'en-US', region: 'US', tickets: 2 },
        { category: 'Delivery', channel: 'Web', language: 'en-US', region: 'US', tickets: 1 },
      ],
    });
  });

  it('counts what comes after very many kinds as one', () => {
    const counter = new TicketCounter(HEADER, MAPPING, null, 'month first');
    for (let n = 0; n < 2_010; n++) counter.add(['', '2025-01-01', `kind ${n}`, 'Web']);
    const { groups, counted } = counter.result();
    expect([counted, groups[0]]).toEqual([2_010, expect.objectContaining({ category: 'Other', tickets: 10 })]);
  });
});

const queue = (id: string, category: string, channel: string, roundLength = 'month') =>
  ({
    id,
    serviceClass: { category, channel, language: 'en-US', region: 'US', slaTier: 'standard' },
    terms: { roundLength },
  }) as PublicQueue;
const QUEUES = [queue('a', 'Billing', 'Web'), queue('b', 'Billing', 'Phone'), queue('c', 'Account access', 'Chat')];

const counts = (tickets: readonly [category: string, channel: string, count: number][]) => ({
  rows: 0,
  counted: tickets.reduce((sum, [, , count]) => sum + count, 0),
  withoutDate: 0,
  withoutCategory: 0,
  others: 0,
  firstDay: day('2025-01-01'),
  lastDay: day('2025-12-31'),
  groups: tickets.map(([category, channel, count]) => ({
    category,
    channel,
    language: 'en-US',
    region: 'US',
    tickets: count,
  })),
});

describe('proposals', () => {
  it('put each kind into the queue of the likest category and the same channel', () => {
    const { proposals, rest } = proposalsOf(
      counts([
        ['Billing & payments', 'Inbound call', 900],
        ['billing', 'web form', 365],
        ['Gardening', 'Web', 10],
      ]),
      QUEUES,
    );
    expect(proposals.map(({ category, channel, yearly, queue: id }) => [category, channel, yearly, id])).toEqual([
      ['Billing & payments', 'Phone', 900, 'b'],
      ['billing', 'Web', 365, 'a'],
      ['Gardening', 'Web', 10, null],
    ]);
    expect(rest).toBe(0);
  });

  it('ask one commitment of a queue, for as long as its rounds are', () => {
    const { proposals } = proposalsOf(
      counts([
        ['Billing', 'Web', 365],
        ['Billing questions', 'Web', 730],
      ]),
      QUEUES,
    );
    expect(demandByQueue(proposals, QUEUES).map(({ queue: { id }, yearly, volume }) => [id, yearly, volume])).toEqual([
      ['a', 1_095, 91],
    ]);
    expect(perRound(1_000, queue('q', 'x', 'y', 'week'))).toBe(19);
    expect(perRound(1, queue('q', 'x', 'y', 'week'))).toBe(1);
  });

  it('know the usual channels by other names', () => {
    expect(['Inbound call', 'WhatsApp', 'e-mail', 'Web form', 'Carrier pigeon'].map(channelOf)).toEqual([
      'Phone',
      'Chat',
      'Email',
      'Web',
      'Carrier pigeon',
    ]);
  });
});

describe('the saving of a year', () => {
  it('is what the same costs alone, less what it costs pooled', () => {
    // Pooled at 2.00 with 20 % saved, alone it costs 2.50: 0.50 a request.
    const range = (low: number, likely: number, high: number) => ({ low, likely, high });
    const prices = range(1_900_000, 2_000_000, 2_100_000);
    expect(yearlySaving(1_000, { priceMicros: prices, savingBps: range(0, 2_000, 5_000) })).toEqual(
      range(0, 500_000_000, 2_000_000_000),
    );
    expect(yearlySaving(1_000, { priceMicros: prices, savingBps: null })).toBeNull();
    expect(sumOfRanges([range(1, 2, 3), range(-1, 0, 1)])).toEqual(range(0, 2, 4));
  });
});
