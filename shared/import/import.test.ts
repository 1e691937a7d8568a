import { describe, expect, it } from 'vitest';
import { applyMapping, Mapping } from '../request/mapping.ts';
import { errorsFile } from './errors-file.ts';
import { columnNames, completed, delimiterOf, mappingOf } from './import.ts';

const usual = (columns: string[]): Mapping => mappingOf({ mapping: null, columns, format: 'csv' }) ?? {};

describe('the usual mapping', () => {
  it('knows columns by the names that help desks export, and keeps the others as fields', () => {
    const mapping = usual(['Ticket ID', 'Requester email', 'Subject', 'Description', 'Due at', 'Priority', 'Group']);
    const row = {
      'Ticket ID': '17',
      'Requester email': 'ada@example.com',
      Subject: 'Refund',
      Description: 'Please.',
      'Due at': '',
      Priority: 'high',
      Group: '',
    };
    expect(applyMapping(mapping, row)).toEqual({
      externalId: '17',
      customer: 'ada@example.com',
      text: 'Refund\n\nPlease.',
      fields: { Priority: 'high' },
    });
  });

  it('leaves out what the file of refused rows adds', () => {
    expect(usual(['error row', 'error detail', 'id'])).toEqual({ externalId: 'id' });
  });
});

describe('a mapping', () => {
  const map = (mapping: object, record: unknown) => applyMapping(Mapping.parse(mapping), record);

  it('takes columns, paths, constants, defaults, the first of several, and cases', () => {
    const record = { 'a.b': 'column', a: { c: [{ d: 7 }] }, empty: ' ', product: 'Mortgage', other: 'Cards' };
    expect(
      map(
        {
          externalId: 'a.b',
          customer: 'a.c[0].d',
          text: { from: ['empty', 'nowhere'], default: 'nothing said' },
          queue: { from: ['product'], cases: { Mortgage: 'mortgage-web' } },
          category: { from: ['other'], cases: { Mortgage: 'x' } },
          fields: { source: { value: 'desk' }, list: 'a.c', empty: 'empty' },
        },
        record,
      ),
    ).toEqual({
      externalId: 'column',
      customer: '7',
      text: 'nothing said',
      queue: 'mortgage-web',
      category: 'Cards',
      fields: { source: 'desk' },
    });
  });

  it('finds nothing in what an object only inherits', () => {
    expect(map({ externalId: 'constructor.name', customer: '__proto__' }, {})).toEqual({});
    expect(map({ queue: { from: ['a'], cases: {} } }, { a: 'toString' })).toEqual({ queue: 'toString' });
  });
});

describe('a row', () => {
  it('without an id gets the one of its import and number, without a queue the one of the import', () => {
    const item = { id: 'im_aaaa000001.abc', queue: 'cards-web' };
    expect(completed(item, 12, { customer: 'x' })).toEqual({
      externalId: 'im_aaaa000001.abc/12',
      customer: 'x',
      queue: 'cards-web',
    });
    expect(completed(item, 12, { externalId: '5', queue: 'q' })).toEqual({ externalId: '5', queue: 'q' });
  });

  it('is split by the delimiter that its header has most of', () => {
    expect(['a,b', 'a;b,c;d', 'a\tb', 'a|b|c', 'alone', '"x;y;z",b'].map(delimiterOf)).toEqual([
      ',',
      ';',
      '\t',
      '|',
      ',',
      ',',
    ]);
  });

  it('has columns with names of their own', () => {
    expect(columnNames(['a', '', 'a', ' b '])).toEqual(['a', 'column 2', 'a (3)', 'b']);
  });
});

it('the file of refused rows has their columns behind the reason', () => {
  const error = {
    row: 3,
    line: 4,
    code: 'invalid_request',
    detail: 'customer is missing',
    errors: [],
    content: '7;"a;b"',
  };
  expect(errorsFile({ columns: ['id', 'text'], delimiter: ';' }, [error])).toBe(
    'error row,error line,error code,error detail,id,text\r\n3,4,invalid_request,customer is missing,7,a;b\r\n',
  );
});
