/** What the market's finance people do: the close, the trial balance, the comparison with Stripe, what providers are paid, and what takes two people. */
import {
  IconAdjustments,
  IconBooks,
  IconBuildingBank,
  IconCalendarCheck,
  IconCoins,
  IconDoorExit,
  IconFileInvoice,
  IconGavel,
  IconHourglass,
  IconNotebook,
  IconReceiptRefund,
  IconReceiptTax,
  IconScale,
  IconUserMinus,
  IconZoomCheck,
} from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

const MARKET = ['market.finance', 'market.operator'] as const;

export const marketFinanceScreens: readonly Screen[] = [
  {
    path: '/money',
    who: MARKET,
    nav: { section: 'finance', icon: IconNotebook },
    load: () => import('./money-home/page.tsx'),
  },
  {
    path: '/closes',
    who: MARKET,
    nav: { section: 'finance', icon: IconCalendarCheck },
    load: () => import('./closes/page.tsx'),
  },
  { path: '/closes/$period', who: MARKET, load: () => import('./close-month/page.tsx') },
  {
    path: '/closes/$period/estimate',
    who: MARKET,
    load: () => import('./close-estimate/page.tsx'),
  },
  {
    path: '/all-invoices',
    who: MARKET,
    nav: { section: 'finance', icon: IconFileInvoice },
    load: () => import('./all-invoices/page.tsx'),
  },
  {
    path: '/companies/$organisation',
    who: MARKET,
    load: () => import('./company-money/page.tsx'),
  },
  {
    path: '/providers/$organisation',
    who: MARKET,
    load: () => import('./provider-money/page.tsx'),
  },
  {
    path: '/failed-messages',
    who: ['market.finance'],
    load: () => import('./failed-messages/page.tsx'),
  },
  {
    path: '/aged',
    who: MARKET,
    nav: { section: 'finance', icon: IconHourglass },
    load: () => import('./aged/page.tsx'),
  },
  {
    path: '/cash-orders',
    who: MARKET,
    nav: { section: 'finance', icon: IconBuildingBank },
    load: () => import('./cash-orders/page.tsx'),
  },
  { path: '/cash-orders/$order', who: MARKET, load: () => import('./cash-order/page.tsx') },
  {
    path: '/refunds',
    who: MARKET,
    nav: { section: 'finance', icon: IconReceiptRefund },
    load: () => import('./refunds/page.tsx'),
  },
  {
    path: '/ledger',
    who: MARKET,
    nav: { section: 'finance', icon: IconBooks },
    load: () => import('./ledger/page.tsx'),
  },
  { path: '/ledger/entry', who: MARKET, load: () => import('./ledger-entry/page.tsx') },
  {
    path: '/adjustments',
    who: MARKET,
    nav: { section: 'finance', icon: IconAdjustments },
    load: () => import('./adjustments/page.tsx'),
  },
  {
    path: '/adjustments/new',
    who: ['market.finance'],
    load: () => import('./adjustment-new/page.tsx'),
  },
  {
    path: '/adjustments/$adjustment',
    who: MARKET,
    load: () => import('./adjustment/page.tsx'),
  },
  {
    path: '/trial-balance',
    who: MARKET,
    nav: { section: 'finance', icon: IconScale },
    load: () => import('./trial-balance/page.tsx'),
  },
  {
    path: '/accounts/$account/owners',
    who: MARKET,
    load: () => import('./account-owners/page.tsx'),
  },
  {
    path: '/reconciliations',
    who: MARKET,
    nav: { section: 'finance', icon: IconZoomCheck },
    load: () => import('./reconciliations/page.tsx'),
  },
  {
    path: '/reconciliations/$reconciliation',
    who: MARKET,
    load: () => import('./reconciliation/page.tsx'),
  },
  {
    path: '/payout-runs',
    who: MARKET,
    nav: { section: 'finance', icon: IconCoins },
    load: () => import('./payout-runs/page.tsx'),
  },
  { path: '/payout-runs/$run', who: MARKET, load: () => import('./payout-run/page.tsx') },
  {
    path: '/provider-debts',
    who: MARKET,
    nav: { section: 'finance', icon: IconUserMinus },
    load: () => import('./provider-debts/page.tsx'),
  },
  {
    path: '/account-ends',
    who: MARKET,
    nav: { section: 'finance', icon: IconDoorExit },
    load: () => import('./account-ends/page.tsx'),
  },
  {
    path: '/contested',
    who: MARKET,
    nav: { section: 'finance', icon: IconGavel },
    load: () => import('./contested/page.tsx'),
  },
  {
    path: '/contested/$dispute',
    who: MARKET,
    load: () => import('./contested-dispute/page.tsx'),
  },
  {
    path: '/billing-settings',
    who: MARKET,
    nav: { section: 'finance', icon: IconReceiptTax },
    load: () => import('./billing-settings/page.tsx'),
  },
];
