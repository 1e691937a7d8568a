/** What finance people of companies and providers do: charges, invoices, disputes, payouts. How to add a screen: web/README.md. */
import {
  IconBuildingBank,
  IconCalendarDollar,
  IconCoins,
  IconDiscount2,
  IconFileExport,
  IconFileInvoice,
  IconGavel,
  IconHistory,
  IconId,
  IconNotebook,
  IconReceipt,
  IconReportMoney,
} from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

const COMPANY = ['company.admin', 'company.finance'] as const;
const PROVIDER = ['provider.admin', 'provider.finance'] as const;
const PARTIES = [...COMPANY, ...PROVIDER] as const;
const MARKET = ['market.finance', 'market.operator'] as const;

export const financeScreens: readonly Screen[] = [
  {
    path: '/finance',
    who: PARTIES,
    nav: { section: 'finance', icon: IconReportMoney },
    load: () => import('./finance-overview/page.tsx'),
  },
  { path: '/owed', who: COMPANY, load: () => import('./owed/page.tsx') },
  {
    path: '/statement',
    who: PARTIES,
    nav: { section: 'finance', icon: IconNotebook },
    load: () => import('./statement/page.tsx'),
  },
  {
    path: '/accounts/$account',
    who: [...PARTIES, ...MARKET],
    load: () => import('./account-history/page.tsx'),
  },
  {
    path: '/charges',
    who: PARTIES,
    nav: { section: 'finance', icon: IconReceipt },
    load: () => import('./charges/page.tsx'),
  },
  { path: '/charges/$request', who: COMPANY, load: () => import('./charge/page.tsx') },
  { path: '/not-billed', who: COMPANY, load: () => import('./not-billed/page.tsx') },
  { path: '/earned/$lease', who: PROVIDER, load: () => import('./earned/page.tsx') },
  {
    path: '/invoices',
    who: COMPANY,
    nav: { section: 'finance', icon: IconFileInvoice },
    load: () => import('./invoices/page.tsx'),
  },
  { path: '/invoices/next', who: COMPANY, load: () => import('./invoice-next/page.tsx') },
  {
    path: '/invoices/$invoice',
    who: [...COMPANY, ...MARKET],
    load: () => import('./invoice/page.tsx'),
  },
  {
    path: '/invoices/$invoice/lines/$line',
    who: [...COMPANY, ...MARKET],
    load: () => import('./invoice-line/page.tsx'),
  },
  {
    path: '/disputes',
    who: PARTIES,
    nav: { section: 'finance', icon: IconGavel },
    load: () => import('./disputes/page.tsx'),
  },
  { path: '/disputes/$dispute', who: PARTIES, load: () => import('./dispute/page.tsx') },
  {
    path: '/credits',
    who: PARTIES,
    nav: { section: 'finance', icon: IconDiscount2 },
    load: () => import('./credits/page.tsx'),
  },
  {
    path: '/payables',
    who: PROVIDER,
    nav: { section: 'finance', icon: IconCalendarDollar },
    load: () => import('./payables/page.tsx'),
  },
  {
    path: '/payouts',
    who: PROVIDER,
    nav: { section: 'finance', icon: IconCoins },
    load: () => import('./payouts/page.tsx'),
  },
  { path: '/payouts/$payout', who: PROVIDER, load: () => import('./payout/page.tsx') },
  {
    path: '/self-billed',
    who: PROVIDER,
    nav: { section: 'finance', icon: IconFileInvoice },
    load: () => import('./self-billed/page.tsx'),
  },
  {
    path: '/self-billed/$document',
    who: PROVIDER,
    load: () => import('./self-billed-invoice/page.tsx'),
  },
  {
    path: '/payout-profile',
    who: PROVIDER,
    nav: { section: 'finance', icon: IconBuildingBank },
    load: () => import('./payout-profile/page.tsx'),
  },
  {
    path: '/billing-profile',
    who: COMPANY,
    nav: { section: 'finance', icon: IconId },
    load: () => import('./billing-profile/page.tsx'),
  },
  {
    path: '/exports',
    who: [...PARTIES, 'market.finance'],
    nav: { section: 'finance', icon: IconFileExport },
    load: () => import('./exports/page.tsx'),
  },
  {
    path: '/audit-trail',
    who: [...PARTIES, 'market.finance'],
    nav: { section: 'finance', icon: IconHistory },
    load: () => import('./audit-trail/page.tsx'),
  },
];
