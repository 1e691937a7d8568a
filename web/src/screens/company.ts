/** What a company does: its home, demand, requests, playbook, limits. How to add a screen: web/README.md. */
import {
  IconAlertTriangle,
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
    who: EVERYBODY,
    nav: { section: 'company', icon: IconHome },
    load: () => import('./home/page.tsx'),
  },
  {
    path: '/demand',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconChartCandle },
    load: () => import('./demand/page.tsx'),
  },
  { path: '/demand/new', who: EVERYBODY, load: () => import('./demand-form/page.tsx') },
  { path: '/demand/$queue/$round', who: EVERYBODY, load: () => import('./commitment/page.tsx') },
  {
    path: '/demand/$queue/$round/edit',
    who: ['company.admin'],
    load: () => import('./demand-form/edit-page.tsx'),
  },
  {
    path: '/requests',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconInbox },
    load: () => import('./requests/page.tsx'),
  },
  { path: '/requests/new', who: SENDERS, load: () => import('./new-request/page.tsx') },
  { path: '/requests/$request', who: EVERYBODY, load: () => import('./request/page.tsx') },
  {
    path: '/incidents',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconAlertTriangle },
    load: () => import('./incidents/page.tsx'),
  },
  { path: '/incidents/new', who: SENDERS, load: () => import('./incident-new/page.tsx') },
  { path: '/incidents/$incident', who: EVERYBODY, load: () => import('./incident/page.tsx') },
  {
    path: '/imports',
    who: SENDERS,
    nav: { section: 'company', icon: IconFileImport },
    load: () => import('./imports/page.tsx'),
  },
  { path: '/imports/new', who: SENDERS, load: () => import('./import-new/page.tsx') },
  { path: '/imports/$import', who: SENDERS, load: () => import('./import/page.tsx') },
  {
    path: '/playbooks',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconBook },
    load: () => import('./playbooks/page.tsx'),
  },
  { path: '/playbooks/$queue', who: EVERYBODY, load: () => import('./playbook/page.tsx') },
  {
    path: '/provider-limits',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconShieldCheck },
    load: () => import('./provider-limits/page.tsx'),
  },
  { path: '/record', who: EVERYBODY, load: () => import('./record/page.tsx') },
  {
    path: '/hours',
    who: EVERYBODY,
    nav: { section: 'company', icon: IconCalendarTime },
    load: () => import('./hours/page.tsx'),
  },
  {
    path: '/budget',
    who: ['company.admin', 'company.finance'],
    nav: { section: 'company', icon: IconCoin },
    load: () => import('./budget/page.tsx'),
  },
  {
    path: '/sorting',
    who: SENDERS,
    nav: { section: 'company', icon: IconSortAscendingLetters },
    load: () => import('./sorting/page.tsx'),
  },
  {
    path: '/branding',
    who: SENDERS,
    nav: { section: 'company', icon: IconPalette },
    load: () => import('./branding/page.tsx'),
  },
  { path: '/erasures', who: SENDERS, load: () => import('./erasures/page.tsx') },
];
