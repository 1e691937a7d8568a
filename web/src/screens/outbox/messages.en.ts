import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Outbox',
  lead: 'No mail leaves this machine: here is every one that would have, newest first.',
  empty: 'No mail yet',
  'empty.text':
    'Mails are sent to customers whose request was resolved, to who loses a link, and to finance people about budgets and credit.',
  caption: 'Mails',
  find: 'Find a mail',
  'find.none': 'No mail is about this.',
  to: 'To {to}',
  from: 'From {from}',
  reply: 'Answers go to {to}',
});
