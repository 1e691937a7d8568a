import { describe, expect, it } from 'vitest';
import { texts } from './texts.ts';

const t = texts({
  greeting: 'Hello {name}',
  requests: '{count|one request|{count} requests} of {company}',
});

describe('a text', () => {
  it('has its values filled in, numbers as the language writes them', () => {
    expect(t('greeting', { name: 'Ada' })).toBe('Hello Ada');
    expect(t('requests', { count: 12_345, company: 'Acme' })).toBe('12,345 requests of Acme');
    expect(texts({ n: '{n}' }, 'de')('n', { n: 12_345 })).toBe('12.345');
  });

  it('chooses its form by the number', () => {
    expect(t('requests', { count: 1, company: 'Acme' })).toBe('one request of Acme');
    expect(t('requests', { count: 0, company: 'Acme' })).toBe('0 requests of Acme');
  });
});
