/** The organisation's own pages: team, keys, certificates, sandbox, connectors; on one machine the outbox. */
import { IconCertificate, IconFlask, IconKey, IconMail, IconPlugConnected, IconUsers } from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

const ADMINS = ['company.admin', 'provider.admin', 'market.operator'] as const;
const PARTY_ADMINS = ['company.admin', 'provider.admin'] as const;

export const accountScreens: readonly Screen[] = [
  {
    path: '/team',
    who: ADMINS,
    nav: { section: 'account', icon: IconUsers },
    load: () => import('./team/page.tsx'),
  },
  {
    path: '/api-keys',
    who: ADMINS,
    nav: { section: 'account', icon: IconKey },
    load: () => import('./api-keys/page.tsx'),
  },
  {
    path: '/connectors',
    who: ['company.admin'],
    nav: { section: 'account', icon: IconPlugConnected },
    load: () => import('./connectors/page.tsx'),
  },
  {
    path: '/connectors/new',
    who: ['company.admin'],
    load: () => import('./connector-new/page.tsx'),
  },
  {
    path: '/connectors/$connector',
    who: ['company.admin'],
    load: () => import('./connector/page.tsx'),
  },
  {
    path: '/certificates',
    who: PARTY_ADMINS,
    nav: { section: 'account', icon: IconCertificate },
    load: () => import('./certificates/page.tsx'),
  },
  {
    path: '/sandbox',
    who: ['company.admin', 'company.operator', 'provider.admin', 'provider.agent'],
    nav: { section: 'account', icon: IconFlask },
    load: () => import('./sandbox/page.tsx'),
  },
  {
    path: '/sandbox/month',
    who: ['company.admin', 'company.operator', 'provider.admin', 'provider.agent'],
    load: () => import('./sandbox-month/page.tsx'),
  },
  {
    path: '/outbox',
    who: 'everybody',
    isLocal: true,
    nav: { section: 'account', icon: IconMail },
    load: () => import('./outbox/page.tsx'),
  },
];
