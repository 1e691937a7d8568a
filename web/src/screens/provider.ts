/** What a provider does: opportunities, bids, the desk, lanes, earnings. How to add a screen: web/README.md. */
import { IconHeadset } from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

const WORKERS = ['provider.admin', 'provider.agent'] as const;

export const providerScreens: readonly Screen[] = [
  {
    path: '/desk',
    title: 'Desk',
    who: WORKERS,
    nav: { section: 'provider', icon: IconHeadset },
    load: () => import('./desk/page.tsx'),
  },
];
