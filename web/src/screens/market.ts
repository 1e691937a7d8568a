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
];
