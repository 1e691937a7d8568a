import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailOf } from './email.ts';
import { normalHandle } from './handle.ts';

describe('a handle', () => {
  it.each([
    ['Ada.Lovelace@Example.COM', 'ada.lovelace@example.com'],
    ['  ada@example.com ', 'ada@example.com'],
    ['+49 30 901820', '+4930901820'],
    ['+49 (0)30 90 18 20', '+4930901820'],
    ['0049-30-901820', '+4930901820'],
    ['tel:+1-202-555-0123', '+12025550123'],
    ['TEL: +1 (202) 555-0123', '+12025550123'],
  ])('%j is %j in its one form', (handle, normal) => {
    expect(normalHandle(handle)).toBe(normal);
  });

  it.each([
    'customer 4711',
    ' Customer 4711',
    '2025550123',
    '030 901820',
    '+0',
    '+49',
    '+12 345',
    '+1234567890123456',
    '00 is not a number',
    'ada@localhost@example.com',
    'Ada Lovelace',
    '@ada',
  ])('%j is kept as it is', (handle) => {
    expect(normalHandle(handle)).toBe(handle);
  });

  it('takes nobody for somebody else: tags and dots of an address stay', () => {
    const forms = ['ada@example.com', 'ada+shop@example.com', 'a.da@example.com', 'ada@sub.example.com'];
    expect(new Set(forms.map(normalHandle)).size).toBe(forms.length);
  });

  it('in its one form stays as it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.emailAddress(), fc.stringMatching(/^\+[0-9 ()-]{6,20}$/)), (handle) => {
        expect(normalHandle(normalHandle(handle))).toBe(normalHandle(handle));
      }),
    );
  });

  it('is an address only where mail could be sent to it', () => {
    expect(emailOf('Ada@Example.com')).toBe('ada@example.com');
    expect(emailOf('+4930901820')).toBeUndefined();
    expect(emailOf('customer 4711')).toBeUndefined();
  });
});
