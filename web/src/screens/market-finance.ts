/** What the market's finance people do: the close, the trial balance, the comparison with Stripe, what providers are paid. */
import { IconCalendarCheck, IconCoins, IconGavel, IconScale, IconZoomCheck } from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

const MARKET = ['market.finance', 'market.operator'] as const;

export const marketFinanceScreens: readonly Screen[] = [
  {
    path: '/closes',
    title: 'Month close',
    who: MARKET,
    nav: { section: 'finance', icon: IconCalendarCheck },
    load: () => import('./closes/page.tsx'),
  },
  { path: '/closes/$period', title: 'Close of a month', who: MARKET, load: () => import('./close-month/page.tsx') },
  {
    path: '/closes/$period/estimate',
    title: 'Estimate of a close',
    who: MARKET,
    load: () => import('./close-estimate/page.tsx'),
  },
  {
    path: '/trial-balance',
    title: 'Trial balance',
    who: MARKET,
    nav: { section: 'finance', icon: IconScale },
    load: () => import('./trial-balance/page.tsx'),
  },
  {
    path: '/accounts/$account/owners',
    title: 'Whose an account is',
    who: MARKET,
    load: () => import('./account-owners/page.tsx'),
  },
  {
    path: '/reconciliations',
    title: 'Reconciliation',
    who: MARKET,
    nav: { section: 'finance', icon: IconZoomCheck },
    load: () => import('./reconciliations/page.tsx'),
  },
  {
    path: '/reconciliations/$reconciliation',
    title: 'Reconciliation of a day',
    who: MARKET,
    load: () => import('./reconciliation/page.tsx'),
  },
  {
    path: '/payout-runs',
    title: 'Payout runs',
    who: MARKET,
    nav: { section: 'finance', icon: IconCoins },
    load: () => import('./payout-runs/page.tsx'),
  },
  { path: '/payout-runs/$run', title: 'Payout run', who: MARKET, load: () => import('./payout-run/page.tsx') },
  {
    path: '/contested',
    title: 'Contested disputes',
    who: MARKET,
    nav: { section: 'finance', icon: IconGavel },
    load: () => import('./contested/page.tsx'),
  },
  {
    path: '/contested/$dispute',
    title: 'Contested dispute',
    who: MARKET,
    load: () => import('./contested-dispute/page.tsx'),
  },
];
