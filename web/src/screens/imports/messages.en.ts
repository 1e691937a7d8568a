import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Imports',
  lead: 'Files of requests that were handed over, the newest first.',
  make: 'Import a file',
  caption: 'Imports, the newest first',
  empty: 'Nothing imported yet',
  'empty.text':
    'A CSV or NDJSON file with up to millions of rows becomes requests, each accepted or refused by itself.',
  'column.name': 'Name',
  'column.state': 'State',
  'column.percent': 'Read',
  'column.accepted': 'Accepted',
  'column.repeated': 'There already',
  'column.refused': 'Refused',
  'column.made': 'Made',
});
