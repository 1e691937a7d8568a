import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { pace } from './progress.ts';

describe('the command line of the replay', () => {
  it('has defaults for everything', () => {
    expect(readArguments([])).toEqual({
      ok: true,
      value: {
        file: null,
        mapping: null,
        map: '',
        round: 'quarter',
        limit: null,
        seed: 1,
        fresh: false,
        data: '.parley/replay',
        api: null,
        json: false,
        help: false,
      },
    });
  });
  it('takes options before and after the file', () => {
    const read = readArguments([
      '--limit',
      '300',
      'a.csv.gz',
      '--round=week',
      '--fresh',
      '--map',
      'company=a',
      '--map',
      'category=b,created=c',
    ]);
    expect(read.ok && [read.value.file, read.value.limit, read.value.round, read.value.fresh]).toEqual([
      'a.csv.gz',
      300,
      'week',
      true,
    ]);
    expect(read.ok && read.value.mapping).toEqual({
      company: { column: 'a' },
      category: { column: 'b' },
      created: { column: 'c' },
    });
  });
  it.each([
    [['--limt', '3'], '--limt'],
    [['--limit', '0'], '--limit 0'],
    [['--limit', '1.5'], 'whole number'],
    [['--seed', '-1'], '--seed'],
    [['--round', 'year'], 'week, month or quarter'],
    [['a.csv', 'b.csv'], 'One file at a time'],
    [['--api', 'localhost:4000'], '--api'],
    [['--api', 'http://x', '--fresh'], '--fresh'],
    [['--map', 'company=a'], 'no file'],
    [['a.csv', '--map', 'firm=a'], 'firm'],
    [['--limit'], '--limit'],
  ])('%j is refused in words', (words, text) => {
    const read = readArguments(words);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.detail).toContain(text);
  });
});

it('pace counts only what this run has sent', () => {
  expect(pace(300, 100, 500, 10_000)).toEqual({ rate: 20, eta: 10 });
  expect(pace(100, 100, 500, 10_000)).toEqual({ rate: 0, eta: null });
});
