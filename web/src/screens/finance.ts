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
    title: 'Finance',
    who: PARTIES,
    nav: { section: 'finance', icon: IconReportMoney },
    load: () => import('./finance-overview/page.tsx'),
  },
  { path: '/owed', title: 'What is owed', who: COMPANY, load: () => import('./owed/page.tsx') },
  {
    path: '/statement',
    title: 'Statement',
    who: PARTIES,
    nav: { section: 'finance', icon: IconNotebook },
    load: () => import('./statement/page.tsx'),
  },
  {
    path: '/accounts/$account',
    title: 'Account',
    who: [...PARTIES, ...MARKET],
    load: () => import('./account-history/page.tsx'),
  },
  {
    path: '/charges',
    title: 'Charges',
    who: PARTIES,
    nav: { section: 'finance', icon: IconReceipt },
    load: () => import('./charges/page.tsx'),
  },
  { path: '/charges/$request', title: 'Charge', who: COMPANY, load: () => import('./charge/page.tsx') },
  { path: '/not-billed', title: 'What was not billed', who: COMPANY, load: () => import('./not-billed/page.tsx') },
  { path: '/earned/$lease', title: 'Earned', who: PROVIDER, load: () => import('./earned/page.tsx') },
  {
    path: '/invoices',
    title: 'Invoices',
    who: COMPANY,
    nav: { section: 'finance', icon: IconFileInvoice },
    load: () => import('./invoices/page.tsx'),
  },
  { path: '/invoices/next', title: 'Next invoice', who: COMPANY, load: () => import('./invoice-next/page.tsx') },
  {
    path: '/invoices/$invoice',
    title: 'Invoice',
    who: [...COMPANY, ...MARKET],
    load: () => import('./invoice/page.tsx'),
  },
  {
    path: '/invoices/$invoice/lines/$line',
    title: 'Line of an invoice',
    who: [...COMPANY, ...MARKET],
    load: () => import('./invoice-line/page.tsx'),
  },
  {
    path: '/disputes',
    title: 'Disputes',
    who: PARTIES,
    nav: { section: 'finance', icon: IconGavel },
    load: () => import('./disputes/page.tsx'),
  },
  { path: '/disputes/$dispute', title: 'Dispute', who: PARTIES, load: () => import('./dispute/page.tsx') },
  {
    path: '/credits',
    title: 'Credits',
    who: PARTIES,
    nav: { section: 'finance', icon: IconDiscount2 },
    load: () => import('./credits/page.tsx'),
  },
  {
    path: '/payables',
    title: 'Payables',
    who: PROVIDER,
    nav: { section: 'finance', icon: IconCalendarDollar },
    load: () => import('./payables/page.tsx'),
  },
  {
    path: '/payouts',
    title: 'Payouts',
    who: PROVIDER,
    nav: { section: 'finance', icon: IconCoins },
    load: () => import('./payouts/page.tsx'),
  },
  { path: '/payouts/$payout', title: 'Payout', who: PROVIDER, load: () => import('./payout/page.tsx') },
  {
    path: '/self-billed',
    title: 'Self-billed invoices',
    who: PROVIDER,
    nav: { section: 'finance', icon: IconFileInvoice },
    load: () => import('./self-billed/page.tsx'),
  },
  {
    path: '/self-billed/$document',
    title: 'Self-billed invoice',
    who: PROVIDER,
    load: () => import('./self-billed-invoice/page.tsx'),
  },
  {
    path: '/payout-profile',
    title: 'Payout profile',
    who: PROVIDER,
    nav: { section: 'finance', icon: IconBuildingBank },
    load: () => import('./payout-profile/page.tsx'),
  },
  {
    path: '/billing-profile',
    title: 'Billing profile',
    who: COMPANY,
    nav: { section: 'finance', icon: IconId },
    load: () => import('./billing-profile/page.tsx'),
  },
  {
    path: '/exports',
    title: 'Exports',
    who: [...PARTIES, 'market.finance'],
    nav: { section: 'finance', icon: IconFileExport },
    load: () => import('./exports/page.tsx'),
  },
  {
    path: '/audit-trail',
    title: 'Audit trail',
    who: [...PARTIES, 'market.finance'],
    nav: { section: 'finance', icon: IconHistory },
    load: () => import('./audit-trail/page.tsx'),
  },
];
