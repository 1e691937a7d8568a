/** What is open to everybody: the way in. */
import type { Screen } from '../app/screen.ts';

export const frontDoorScreens: readonly Screen[] = [
  { path: '/sign-in', title: 'Sign in', who: 'everybody', isBare: true, load: () => import('./sign-in/page.tsx') },
  {
    path: '/sign-in/return',
    title: 'Sign in',
    who: 'everybody',
    isBare: true,
    load: () => import('./sign-in/return-page.tsx'),
  },
];
