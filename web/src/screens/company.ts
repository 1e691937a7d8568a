/** What a company does: its home, demand, requests, playbook, limits. How to add a screen: web/README.md. */
import {
  IconBook,
  IconCalendarTime,
  IconChartCandle,
  IconCoin,
  IconFileImport,
  IconHome,
  IconInbox,
  IconPalette,
  IconShieldCheck,
  IconSortAscendingLetters,
} from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

const SENDERS = ['company.admin', 'company.operator'] as const;
const EVERYBODY = ['company.admin', 'company.operator', 'company.finance'] as const;

export const companyScreens: readonly Screen[] = [
  {
    path: '/home',
    title: 'Home',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconHome },
    load: () => import('./home/page.tsx'),
  },
  {
    path: '/demand',
    title: 'Demand',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconChartCandle },
    load: () => import('./demand/page.tsx'),
  },
  { path: '/demand/new', title: 'Post demand', who: EVERYBODY, load: () => import('./demand-form/page.tsx') },
  { path: '/demand/$queue/$round', title: 'Commitment', who: EVERYBODY, load: () => import('./commitment/page.tsx') },
  {
    path: '/demand/$queue/$round/edit',
    title: 'Change demand',
    who: ['company.admin'],
    load: () => import('./demand-form/edit-page.tsx'),
  },
  {
    path: '/requests',
    title: 'Requests',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconInbox },
    load: () => import('./requests/page.tsx'),
  },
  { path: '/requests/new', title: 'New request', who: SENDERS, load: () => import('./new-request/page.tsx') },
  { path: '/requests/$request', title: 'Request', who: EVERYBODY, load: () => import('./request/page.tsx') },
  {
    path: '/imports',
    title: 'Imports',
    who: SENDERS,
    nav: { section: 'company', icon: IconFileImport },
    load: () => import('./imports/page.tsx'),
  },
  { path: '/imports/new', title: 'Import a file', who: SENDERS, load: () => import('./import-new/page.tsx') },
  { path: '/imports/$import', title: 'Import', who: SENDERS, load: () => import('./import/page.tsx') },
  {
    path: '/playbooks',
    title: 'Playbooks',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconBook },
    load: () => import('./playbooks/page.tsx'),
  },
  { path: '/playbooks/$queue', title: 'Playbook', who: EVERYBODY, load: () => import('./playbook/page.tsx') },
  {
    path: '/provider-limits',
    title: 'Your providers',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconShieldCheck },
    load: () => import('./provider-limits/page.tsx'),
  },
  { path: '/record', title: 'Your record', who: EVERYBODY, load: () => import('./record/page.tsx') },
  {
    path: '/hours',
    title: 'Working hours',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconCalendarTime },
    load: () => import('./hours/page.tsx'),
  },
  {
    path: '/budget',
    title: 'Budget',
    who: ['company.admin', 'company.finance'],
    nav: { section: 'company', icon: IconCoin },
    load: () => import('./budget/page.tsx'),
  },
  {
    path: '/sorting',
    title: 'Sorting',
    who: SENDERS,
    nav: { section: 'company', icon: IconSortAscendingLetters },
    load: () => import('./sorting/page.tsx'),
  },
  {
    path: '/branding',
    title: 'Branding',
    who: SENDERS,
    nav: { section: 'company', icon: IconPalette },
    load: () => import('./branding/page.tsx'),
  },
  { path: '/erasures', title: 'Erasures', who: SENDERS, load: () => import('./erasures/page.tsx') },
];
