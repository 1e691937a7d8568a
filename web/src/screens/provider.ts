/** What a provider does: opportunities, bids, the desk, lanes, earnings. How to add a screen: web/README.md. */
import { IconGavel, IconHeadset } from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

const WORKERS = ['provider.admin', 'provider.agent'] as const;
const SELLERS = ['provider.admin', 'provider.finance'] as const;

export const providerScreens: readonly Screen[] = [
  {
    path: '/desk',
    title: 'Desk',
    who: WORKERS,
    nav: { section: 'provider', icon: IconHeadset },
    load: () => import('./desk/page.tsx'),
  },
  {
    path: '/bids',
    title: 'Bids',
    who: SELLERS,
    nav: { section: 'provider', icon: IconGavel },
    load: () => import('./bids/page.tsx'),
  },
  { path: '/bids/$queue/$round', title: 'Bid', who: SELLERS, load: () => import('./bid/page.tsx') },
];
