import { describe, expect, it } from 'vitest';
import { chosenOf, draftsOf, formatOf, mappingFrom, readHead } from './preview.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const FILE =
  '\ufeffTicket ID;Email;Subject;Body;Product\r\n7;ada@x.example;Bill;"Too ""high"";\nsee it";Power\r\n\r\n8;bob@x.example;;Hi;Gas\r\n';

describe('a file that is looked at before it is sent', () => {
  it('is read as the market reads it: byte order mark, semicolons, quotation marks over two lines, empty lines', () => {
    const head = readHead(bytes(FILE), 'utf-8');
    expect(head?.columns).toEqual(['Ticket ID', 'Email', 'Subject', 'Body', 'Product']);
    expect(draftsOf(head!, head!.usual)).toEqual([
      { externalId: '7', customer: 'ada@x.example', text: 'Bill\n\nToo "high";\nsee it', fields: { Product: 'Power' } },
      { externalId: '8', customer: 'bob@x.example', text: 'Hi', fields: { Product: 'Gas' } },
    ]);
  });

  it('takes another column where a person says so, and keeps what is left as fields', () => {
    const head = readHead(bytes(FILE), 'utf-8')!;
    const chosen = { ...chosenOf(head.usual), text: 'Body', category: 'Product' };
    expect(mappingFrom(chosen, head.columns, head.usual)).toEqual({
      externalId: 'Ticket ID',
      customer: 'Email',
      text: 'Body',
      category: 'Product',
      fields: { Subject: 'Subject' },
    });
  });

  it('leaves subject and body together where nothing else is chosen', () => {
    const head = readHead(bytes(FILE), 'utf-8')!;
    expect(mappingFrom(chosenOf(head.usual), head.columns, head.usual)).toEqual(head.usual);
  });

  it('has no header where there is nothing, and is JSON lines by its name', () => {
    expect(readHead(bytes(''), 'utf-8')).toBeNull();
    expect(['a.ndjson', 'b.JSONL', 'c.csv', 'd'].map(formatOf)).toEqual(['ndjson', 'ndjson', 'csv', 'csv']);
  });

  it('is split where one says that columns end, whatever its header has most of', () => {
    expect(readHead(bytes('a,b|c\n1,2|3\n'), 'utf-8')?.columns).toEqual(['a', 'b|c']);
    expect(readHead(bytes('a,b|c\n1,2|3\n'), 'utf-8', '|')).toMatchObject({
      columns: ['a,b', 'c'],
      rows: [{ 'a,b': '1,2', c: '3' }],
    });
  });
});
