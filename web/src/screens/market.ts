/** The market as everybody may see it. */
import { IconBuildingStore } from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

const EVERY_ROLE = [
  'company.admin',
  'company.operator',
  'company.finance',
  'provider.admin',
  'provider.agent',
  'provider.finance',
  'market.operator',
  'market.finance',
] as const;

export const marketScreens: readonly Screen[] = [
  {
    path: '/',
    who: 'everybody',
    nav: { section: 'market', icon: IconBuildingStore },
    load: () => import('./market/page.tsx'),
  },
  { path: '/queues/$queue', who: 'everybody', load: () => import('./queue/page.tsx') },
  { path: '/queues/$queue/rounds/$round', who: 'everybody', load: () => import('./round/page.tsx') },
  {
    path: '/organisations/$organisation',
    who: EVERY_ROLE,
    load: () => import('./organisation/page.tsx'),
  },
];
