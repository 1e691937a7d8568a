/** The organisation's own pages: team, keys, webhooks; one's inbox; on one machine the outbox. */
import { IconUsers } from '@tabler/icons-react';
import type { Screen } from '../app/screen.ts';

export const accountScreens: readonly Screen[] = [
  {
    path: '/team',
    title: 'Team',
    who: ['company.admin', 'provider.admin', 'market.operator'],
    nav: { section: 'account', icon: IconUsers },
    load: () => import('./team/page.tsx'),
  },
];
