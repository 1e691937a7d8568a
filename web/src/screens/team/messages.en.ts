import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Team',
  lead: 'The people who act for your organisation, and what they may do.',
  caption: 'People of the organisation',
  'column.person': 'Person',
  'column.roles': 'Roles',
  'column.joined': 'Joined',
});
