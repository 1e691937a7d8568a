import { describe, expect, it } from 'vitest';
import { ownAccounts, withNumbers } from './mapping.ts';

describe('account numbers', () => {
  it('are asked for the accounts that a side has', () => {
    expect(ownAccounts('company')).toEqual(['1100', '1110', '1200', '2200', '2600']);
    expect(ownAccounts('provider')).toEqual(['2100', '2110', '2120']);
    expect(ownAccounts('market').length).toBeGreaterThan(25);
  });

  it('are sent as typed, and not where they were emptied', () => {
    expect(withNumbers({ '1100': ' 4711 ', '1200': '  ' })).toEqual({ '1100': '4711' });
  });
});
