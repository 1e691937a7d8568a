import { expect, it } from 'vitest';
import { mayOpen } from './may-open.ts';

const screens = [
  { path: '/connectors/$connector', who: ['company.admin'] },
  { path: '/connectors/new', who: ['company.admin'] },
  { path: '/home', who: ['company.admin', 'company.operator'] },
] as const;

it('a page may be opened by its roles, at whatever it shows', () => {
  expect(mayOpen(screens, '/connectors/cn_1.a-b', ['company.admin'])).toBe(true);
  expect(mayOpen(screens, '/connectors/cn_1', ['company.operator'])).toBe(false);
  expect(mayOpen(screens, '/home?a=b/c', ['company.operator'])).toBe(true);
  expect(mayOpen(screens, '/nowhere', ['company.admin'])).toBe(false);
});
