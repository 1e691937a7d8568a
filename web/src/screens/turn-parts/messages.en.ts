import { texts } from '../../messages/texts.ts';

export const t = texts({
  'words.title': 'Request',
  'words.none': 'The request has no text beyond its category.',
  'thread.title': 'Conversation',
  'thread.empty': 'Nobody has said anything yet beyond the request itself.',
  'thread.more': 'Later messages',
  'thread.erased': 'Erased',
  'thread.note': 'Note, not for the customer',
  'author.customer': 'Customer',
  'author.company': 'Company',
  'author.agent': 'Agent',
  'author.program': 'Program',
  'author.own': 'Your team',
  'file.save': 'Save {name}',
  'file.failed': 'The file was not saved',
  gone: 'The words are no longer shown: the time in which this request may be reopened has passed.',
});
