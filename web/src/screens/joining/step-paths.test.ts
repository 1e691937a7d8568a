import { expect, it } from 'vitest';
import { placeOf } from './step-paths.ts';

it('a step leads to the first screen that is there and for one’s role, and nowhere else', () => {
  const screens = [
    { path: '/connectors', who: ['company.admin'] },
    { path: '/imports', who: ['company.admin', 'company.operator'] },
  ] as const;
  expect(placeOf('way_in', screens, ['company.admin'])).toBe('/connectors');
  expect(placeOf('way_in', screens, ['company.operator'])).toBe('/imports');
  expect(placeOf('way_in', screens, ['company.finance'])).toBeNull();
  expect(placeOf('approval', screens, ['company.admin'])).toBeNull();
});
