import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Playbooks',
  lead: 'How your requests are to be answered, queue by queue, and what providers see of them.',
  caption: 'Queues with their playbooks',
  'column.queue': 'Queue',
  'column.version': 'Playbook',
  'column.changed': 'Changed',
  none: 'None yet: providers see all fields, with personal data replaced',
  version: 'Version {version}',
  empty: 'No queue yet',
  'empty.text': 'Post demand first; a playbook belongs to one of your queues.',
});
