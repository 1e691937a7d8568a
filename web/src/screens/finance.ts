/** What finance people of companies and providers do: charges, invoices, disputes, payouts. How to add a screen: web/README.md. */
import { IconDiscount2, IconFileInvoice, IconGavel, IconReceipt } from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

const COMPANY = ['company.admin', 'company.finance'] as const;
const PROVIDER = ['provider.admin', 'provider.finance'] as const;
const PARTIES = [...COMPANY, ...PROVIDER] as const;
const MARKET = ['market.finance', 'market.operator'] as const;

export const financeScreens: readonly Screen[] = [
  {
    path: '/charges',
    title: 'Charges',
    who: PARTIES,
    nav: { section: 'finance', icon: IconReceipt },
    load: () => import('./charges/page.tsx'),
  },
  { path: '/charges/$request', title: 'Charge', who: COMPANY, load: () => import('./charge/page.tsx') },
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
];
