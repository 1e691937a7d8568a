import { describe, expect, it } from 'vitest';
import { texts } from './texts.ts';

const words = { greeting: 'Hello {name}', requests: '{count|one request|{count} requests} of {company}' };
const t = texts(words, 'en', 'en');

describe('a text', () => {
  it('has its values filled in, numbers as the person writes them', () => {
    expect(t('greeting', { name: 'Ada' })).toBe('Hello Ada');
    expect(t('requests', { count: 12_345, company: 'Acme' })).toBe('12,345 requests of Acme');
    expect(texts(words, 'en', 'de')('requests', { count: 12_345, company: 'Acme' })).toBe('12.345 requests of Acme');
  });

  it('chooses its form by the number', () => {
    expect(t('requests', { count: 1, company: 'Acme' })).toBe('one request of Acme');
    expect(t('requests', { count: 0, company: 'Acme' })).toBe('0 requests of Acme');
  });
});
