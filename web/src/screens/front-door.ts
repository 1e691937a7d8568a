/** What is open to everybody: the way in. */
import { IconListCheck } from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

export const frontDoorScreens: readonly Screen[] = [
  { path: '/sign-in', who: 'everybody', isBare: true, load: () => import('./sign-in/page.tsx') },
  {
    path: '/sign-in/return',
    who: 'everybody',
    isBare: true,
    load: () => import('./sign-in/return-page.tsx'),
  },
  {
    path: '/welcome',
    who: 'everybody',
    isBare: true,
    load: () => import('./welcome/page.tsx'),
  },
  { path: '/tour/$door', who: 'everybody', isBare: true, load: () => import('./tour/page.tsx') },
  { path: '/register', who: 'person', isBare: true, load: () => import('./register/page.tsx') },
  {
    path: '/invitations/$token',
    who: 'everybody',
    isBare: true,
    load: () => import('./invitation/page.tsx'),
  },
  {
    path: '/joining',
    who: 'person',
    nav: { section: 'account', icon: IconListCheck },
    load: () => import('./joining/page.tsx'),
  },
];
