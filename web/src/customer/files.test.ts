import { describe, expect, it } from 'vitest';
import { fitting, nameOf } from './files.ts';

const file = (name: string, size = 10, type = 'image/png') => ({ name, size, type });

describe('files for a message', () => {
  it('are five at most, of types the market takes, none over 20 MB; the first that does not fit is named', () => {
    const four = ['a', 'b', 'c', 'd'].map((name) => file(name));
    const { files, unfit } = fitting(four, [file('movie', 10, 'video/mp4'), file('e'), file('f')]);
    expect(files.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(unfit).toEqual({ problem: 'file.type', name: 'movie' });
    expect(fitting([], [file('big', 20 * 1024 * 1024 + 1)]).unfit).toEqual({ problem: 'file.tooLarge', name: 'big' });
    expect(fitting([], [file('empty', 0)]).files).toEqual([]);
  });

  it('get names that the market takes, their endings kept', () => {
    expect(nameOf('a/b\\c\u0007.png')).toBe('a_b_c_.png');
    expect(nameOf(`${'x'.repeat(200)}.pdf`)).toMatch(/^x{116}\.pdf$/);
    expect(nameOf('  ')).toBe('file');
  });
});
