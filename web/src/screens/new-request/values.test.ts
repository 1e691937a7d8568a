import { describe, expect, it } from 'vitest';
import { bodyOf } from './values.ts';

const empty = { externalId: ' a-1 ', queue: '', customer: ' ada@x.example ', text: 'Hello', deadline: '', fields: [] };

describe('a new request', () => {
  it('leaves the queue to the market where none is chosen, and sends no empty fields', () => {
    const fields = [
      { key: '1', name: ' order ', value: '7' },
      { key: '2', name: ' ', value: 'lost' },
    ];
    expect(bodyOf({ ...empty, fields })).toEqual({
      externalId: 'a-1',
      customer: 'ada@x.example',
      text: 'Hello',
      fields: { order: '7' },
    });
  });

  it('sends a deadline as the instant that it is in the person’s zone', () => {
    expect(bodyOf({ ...empty, queue: 'q', deadline: '2026-03-01T12:00' })).toMatchObject({
      queue: 'q',
      deadline: new Date(2026, 2, 1, 12).toISOString(),
    });
  });
});
