/** What a provider does: opportunities, bids, the desk, lanes, earnings. How to add a screen: web/README.md. */
import {
  IconCalendarTime,
  IconChartDots,
  IconCoins,
  IconGauge,
  IconGavel,
  IconHeadset,
  IconHome,
  IconListCheck,
  IconRoute,
  IconWebhook,
} from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

const EVERYBODY = ['provider.admin', 'provider.agent', 'provider.finance'] as const;
const WORKERS = ['provider.admin', 'provider.agent'] as const;
const SELLERS = ['provider.admin', 'provider.finance'] as const;

export const providerScreens: readonly Screen[] = [
  {
    path: '/provider',
    who: EVERYBODY,
    nav: { section: 'provider', icon: IconHome },
    load: () => import('./provider-home/page.tsx'),
  },
  {
    path: '/desk',
    who: WORKERS,
    nav: { section: 'provider', icon: IconHeadset },
    load: () => import('./desk/page.tsx'),
  },
  {
    path: '/turns',
    who: WORKERS,
    nav: { section: 'provider', icon: IconListCheck },
    load: () => import('./turns/page.tsx'),
  },
  { path: '/turns/$lease', who: EVERYBODY, load: () => import('./turn/page.tsx') },
  {
    path: '/lanes',
    who: WORKERS,
    nav: { section: 'provider', icon: IconRoute },
    load: () => import('./lanes/page.tsx'),
  },
  {
    path: '/availability',
    who: WORKERS,
    nav: { section: 'provider', icon: IconCalendarTime },
    load: () => import('./availability/page.tsx'),
  },
  {
    path: '/opportunities',
    who: EVERYBODY,
    nav: { section: 'provider', icon: IconChartDots },
    load: () => import('./opportunities/page.tsx'),
  },
  { path: '/opportunities/$queue', who: EVERYBODY, load: () => import('./opportunity/page.tsx') },
  {
    path: '/bids',
    who: SELLERS,
    nav: { section: 'provider', icon: IconGavel },
    load: () => import('./bids/page.tsx'),
  },
  { path: '/bids/$queue/$round', who: SELLERS, load: () => import('./bid/page.tsx') },
  {
    path: '/earnings',
    who: SELLERS,
    nav: { section: 'provider', icon: IconCoins },
    load: () => import('./earnings/page.tsx'),
  },
  {
    path: '/performance',
    who: EVERYBODY,
    nav: { section: 'provider', icon: IconGauge },
    load: () => import('./performance/page.tsx'),
  },
  // A company has the same endpoints, by the same pages.
  {
    path: '/webhooks',
    who: ['provider.admin', 'company.admin'],
    nav: { section: 'account', icon: IconWebhook },
    load: () => import('./webhooks/page.tsx'),
  },
  {
    path: '/webhooks/$webhook',
    who: ['provider.admin', 'company.admin'],
    load: () => import('./webhook/page.tsx'),
  },
];
