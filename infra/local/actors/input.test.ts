import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { drawsOf } from './draw.ts';
import { readDemand } from './input.ts';
import { parseMapping } from './mapping.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const draw = drawsOf(1);

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  const text = `${lines.join('\n')}\n`;
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}
async function read(path: string, map?: string, limit?: number) {
  const mapping = map === undefined ? null : parseMapping(map);
  if (mapping !== null && !mapping.ok) throw new Error(mapping.detail);
  const result = await readDemand(path, { mapping: mapping?.value ?? null, draw, ...(limit ? { limit } : {}) });
  if (!result.ok) throw new Error(result.detail);
  return result.value;
}

const HEADER =
  'src_row,received_date,product,sub_product,company,state,consent,channel,company_response,timely,disputed';
const ROWS = [
  '197,2012-01-02,Credit card,,Citibank,HI,,Web,Closed,1,0',
  '2611,2012-01-02,Mortgage,"Conventional adjustable mortgage (ARM)","JPMorgan Chase, Co.",CA,,Web,Closed,1,1',
  '13188,2012-01-01,Credit card,,Capital One,SC,,Phone,Closed,1,',
];

describe('the complaint file is known by its header', () => {
  it.each(['known.csv', 'known.csv.gz'])('%s: columns, order of time, queues, who comes back', async (name) => {
    const { arrivals, classes, rows, problemCount } = await read(file(name, [HEADER, ...ROWS]));
    expect([rows, problemCount]).toEqual([3, 0]);
    expect(arrivals.map((a) => [a.externalId, a.company, a.comesBack])).toEqual([
      ['13188', 'Capital One', false],
      ...(arrivals[1]?.externalId === '197'
        ? [
            ['197', 'Citibank', false],
            ['2611', 'JPMorgan Chase, Co.', true],
          ]
        : [
            ['2611', 'JPMorgan Chase, Co.', true],
            ['197', 'Citibank', false],
          ]),
    ]);
    expect([...classes.values()].map((c) => `${c.category}/${c.channel}/${c.language}/${c.region}`).sort()).toEqual([
      'Credit card/Phone/en-US/US',
      'Credit card/Web/en-US/US',
      'Mortgage/Web/en-US/US',
    ]);
    expect(arrivals.find((a) => a.externalId === '2611')?.fields).toEqual({ state: 'CA' });
  });

  it('spreads a day over its hours, the same way each time', async () => {
    const path = file('day.csv', [HEADER, ...ROWS]);
    const once = await read(path);
    const again = await read(path);
    expect(again.arrivals).toEqual(once.arrivals);
    for (const { at } of once.arrivals) {
      expect(at % 3_600_000).toBe(0);
      expect([9, 16]).toContain(new Date(at).getUTCHours());
    }
  });

  it('takes the first rows in order of time where a limit is given, and only their queues', async () => {
    const { arrivals, classes } = await read(file('limit.csv', [HEADER, ...ROWS]), undefined, 1);
    expect(arrivals.map((a) => a.externalId)).toEqual(['13188']);
    expect(classes.size).toBe(1);
  });
});

describe('a row that cannot be read is reported with its line and reason, and the rest goes on', () => {
  it('counts a quoted line break into the line numbers', async () => {
    const path = file('bad.csv', [
      'who,what,when',
      'Acme,Billing,2024-01-05',
      '"Acme","Bil\nling",2024-01-06', // lines 3 and 4: a category may hold a line break
      ',Billing,2024-01-07', // line 5
      'Acme,,2024-01-07', // line 6
      'Acme,Billing,soon', // line 7
      'Acme,Billing', // line 8
      'Acme,Billing,2024-02-30', // line 9
      'Acme,Billing,2024-01-08T10:31:59+01:00', // line 10
    ]);
    const { arrivals, rows, problems, problemCount } = await read(path, 'company=who,category=what,created=when');
    expect(rows).toBe(8);
    expect(problemCount).toBe(5);
    expect(problems).toEqual([
      { line: 5, reason: 'the company is empty' },
      { line: 6, reason: expect.stringContaining('category') },
      { line: 7, reason: '"soon" is not a time' },
      { line: 8, reason: 'has 2 columns where the header has 3' },
      { line: 9, reason: '"2024-02-30" is not a time' },
    ]);
    expect(arrivals.map((a) => a.externalId)).toEqual(['bad.csv:2', 'bad.csv:3', 'bad.csv:10']);
    expect(arrivals.at(-1)?.at).toBe(Date.UTC(2024, 0, 8, 9, 31));
  });

  it('reports a broken quote and an id that stands twice', async () => {
    const path = file('quote.csv', [
      'id,who,what,when',
      '1,A,B,2024-01-05',
      '2,A"x,B,2024-01-05',
      '1,A,B,2024-01-06',
      '3,A,B,2024-01-07',
    ]);
    const { arrivals, problems } = await read(path, 'id=id,company=who,category=what,created=when');
    expect(arrivals.map((a) => a.externalId)).toEqual(['1', '3']);
    expect(problems.map((p) => p.line)).toEqual([3, 4]);
    expect(problems[1]?.reason).toContain('stands twice');
  });

  it('keeps the first ten problems and counts all', async () => {
    const rows = Array.from({ length: 25 }, () => ',x,2024-01-01');
    const { problems, problemCount } = await read(
      file('many.csv', ['who,what,when', ...rows]),
      'company=who,category=what,created=when',
    );
    expect([problems.length, problemCount]).toEqual([10, 25]);
  });
});

describe('a file that cannot be used is refused in words', () => {
  it.each([
    ['missing.csv', null, undefined, 'There is no file'],
    ['empty.csv', [''], undefined, 'is empty'],
    ['other.csv', ['a,b,c', '1,2,3'], undefined, '"a", "b", "c"'],
    ['lacks.csv', ['a,b,c', '1,2,3'], 'company=a,category=b', 'lacks created'],
    ['column.csv', ['a,b,c', '1,2,3'], 'company=a,category=b,created=d', 'no such column'],
  ])('%s', async (name, lines, map, text) => {
    const path = lines === null ? join(folder, name) : file(name, lines);
    await expect(read(path, map)).rejects.toThrow(text);
  });

  it('a gzip that is cut off', async () => {
    const path = join(folder, 'cut.csv.gz');
    writeFileSync(path, gzipSync(`${HEADER}\n${ROWS.join('\n')}\n`).subarray(0, 60));
    await expect(read(path)).rejects.toThrow('cannot be read');
  });
});

describe('--map', () => {
  it('takes columns, constants and commas inside names', () => {
    expect(parseMapping('company=Firm, Ltd,category==Billing,created=When')).toEqual({
      ok: true,
      value: { company: { column: 'Firm, Ltd' }, category: { constant: 'Billing' }, created: { column: 'When' } },
    });
  });
  it.each(['compony=x', 'company', 'company='])('refuses %s and says what is known', (text) => {
    const result = parseMapping(text);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.detail).toContain('company, category, created');
  });
});
