import { describe, expect, it } from 'vitest';
import { returnPath, signInPath } from './return-path.ts';

describe('after a sign-in', () => {
  it('a deep link leads where it was meant to, with its search', () => {
    expect(returnPath('/queues/a?round=3#price')).toBe('/queues/a?round=3#price');
    expect(signInPath('/charges?state=assumed')).toBe('/sign-in?to=%2Fcharges%3Fstate%3Dassumed');
  });

  it.each([
    '//evil.example/x',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    null,
    '/sign-in?to=/x',
  ])('nobody is led to %j', (text) => {
    expect(returnPath(text)).toBe('/');
  });
});
