/** What a company does: its home, demand, requests, playbook, limits. How to add a screen: web/README.md. */
import { IconChartCandle, IconHome } from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

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
  { path: '/demand/new', title: 'Post demand', who: ['company.admin'], load: () => import('./demand-form/page.tsx') },
  {
    path: '/demand/$queue/$round/edit',
    title: 'Change demand',
    who: ['company.admin'],
    load: () => import('./demand-form/edit-page.tsx'),
  },
];
