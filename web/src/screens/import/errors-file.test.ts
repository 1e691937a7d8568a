import { expect, it } from 'vitest';
import { allErrors } from './errors-file.ts';

it('puts the pages of refused rows together: one header, each row once, also rows over two lines', async () => {
  const header = 'error row,error line,error code,error detail,id\r\n';
  const rows = ['2,3,invalid_request,"says ""no"",\r\ntwice",a\r\n', '5,7,not_found,x,b\r\n', '9,11,not_found,x,c\r\n'];
  const asked: number[] = [];
  const read = async (after: number) => {
    asked.push(after);
    const behind = rows.filter((row) => Number(row.slice(0, 1)) > after).slice(0, 2);
    return header + behind.join('');
  };
  const counts: number[] = [];
  expect(await allErrors(read, (count) => counts.push(count))).toBe(header + rows.join(''));
  expect(asked).toEqual([0, 5, 9]);
  expect(counts).toEqual([2, 3]);
});
