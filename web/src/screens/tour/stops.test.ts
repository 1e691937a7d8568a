import { describe, expect, it } from 'vitest';
import { t } from './messages.en.ts';
import { isScreen, STOPS, stopsOf } from './stops.ts';

const screens = [
  { path: '/', who: 'everybody' },
  { path: '/queues/$queue', who: 'everybody' },
  { path: '/home', who: ['company.admin'] },
  { path: '/payouts', who: ['provider.finance'] },
] as const;

describe('a walk', () => {
  it('leads to screens that are there and for one’s role, in order, and passes the others over', async () => {
    const queues = {
      items: [
        { id: 'none', current: null, open: null },
        { id: 'q', current: {}, open: null },
      ],
    };
    const found = await stopsOf('buy', screens, ['company.admin'], async () => queues);
    expect(found).toEqual([
      { name: 'market', path: '/' },
      { name: 'queue', path: '/queues/q' },
      { name: 'home', path: '/home' },
    ]);
    const none = await stopsOf('buy', screens, ['company.finance'], async () => ({ items: [] }));
    expect(none.map(({ name }) => name)).toEqual(['market']);
  });

  it('takes an address for a screen by its pattern alone', () => {
    expect(isScreen('/queues/a?round=1', screens, [])).toBe(true);
    expect(isScreen('/queues/a/b', screens, [])).toBe(false);
    expect(isScreen('/payouts', screens, ['provider.admin'])).toBe(false);
  });

  it('says something at each of its stops', () => {
    for (const { name } of Object.values(STOPS).flat()) {
      const key = `stop.${name}.text` as 'stop.market.text';
      expect(t(key)).not.toBe(key);
    }
  });
});
