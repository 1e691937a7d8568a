/** What the market operator does: rounds, terms, organisations, flags, dead letters, health. How to add a screen: web/README.md. */
import {
  IconBuildingCommunity,
  IconFlag,
  IconHeartbeat,
  IconHome,
  IconRefresh,
  IconZoomCheck,
} from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

const OPERATOR = ['market.operator'] as const;
const MARKET = ['market.operator', 'market.finance'] as const;

export const operatorScreens: readonly Screen[] = [
  {
    path: '/operator/home',
    who: MARKET,
    nav: { section: 'operator', icon: IconHome },
    load: () => import('./operator-home/page.tsx'),
  },
  {
    path: '/operator/rounds',
    who: MARKET,
    nav: { section: 'operator', icon: IconRefresh },
    load: () => import('./operator-rounds/page.tsx'),
  },
  {
    path: '/operator/rounds/$queue/$round',
    who: MARKET,
    load: () => import('./operator-round/page.tsx'),
  },
  { path: '/operator/queues/$queue', who: MARKET, load: () => import('./operator-queue/page.tsx') },
  {
    path: '/operator/organisations',
    who: MARKET,
    nav: { section: 'operator', icon: IconBuildingCommunity },
    load: () => import('./operator-organisations/page.tsx'),
  },
  {
    path: '/operator/flags',
    who: OPERATOR,
    nav: { section: 'operator', icon: IconFlag },
    load: () => import('./operator-flags/page.tsx'),
  },
  {
    path: '/operator/audits',
    who: OPERATOR,
    nav: { section: 'operator', icon: IconZoomCheck },
    load: () => import('./operator-audits/page.tsx'),
  },
  {
    path: '/operator/health',
    who: OPERATOR,
    nav: { section: 'operator', icon: IconHeartbeat },
    load: () => import('./operator-health/page.tsx'),
  },
];
