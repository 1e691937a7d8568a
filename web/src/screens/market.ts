/** The market as everybody may see it. */
import { IconBuildingStore } from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

export const marketScreens: readonly Screen[] = [
  {
    path: '/',
    title: 'Market',
    who: 'everybody',
    nav: { section: 'market', icon: IconBuildingStore },
    load: () => import('./market/page.tsx'),
  },
  { path: '/queues/$queue', title: 'Queue', who: 'everybody', load: () => import('./queue/page.tsx') },
  { path: '/queues/$queue/rounds/$round', title: 'Round', who: 'everybody', load: () => import('./round/page.tsx') },
];
