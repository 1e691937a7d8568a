import { texts } from '../../messages/texts.ts';

export const t = texts({
  'inbox.title': 'Waits for you',
  'inbox.empty': 'Nothing waits for you',
  'inbox.more': 'Show all {count}',
  'inbox.partly': 'There is more of one kind than is shown.',
  'inbox.until': 'until',
  'missing.title': 'Still missing',
});
