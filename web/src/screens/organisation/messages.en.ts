import { texts } from '../../messages/texts.ts';

export const t = texts({
  'lead.provider': 'A provider: how good its work is by measurement, and what the market has confirmed of it.',
  'lead.company': 'A company: how often it rejects what was resolved, and what the market has confirmed of it.',
  quality: 'Quality',
  'quality.note': 'resolved, and stayed so',
  rejected: 'Rejects',
  'rejected.note': 'of what was resolved for it, at least once',
  sample: 'Rests on',
  'sample.none': 'nothing yet',
  'sample.few': 'fewer than 20 requests',
  'sample.some': '20 to 500 requests',
  'sample.many': 'more than 500 requests',
  rule: 'How it is measured',
  'rule.company':
    'Of its requests that were resolved and charged, the share that it rejected at least once. Below 20 requests nobody is told a share.',
  own: 'The rounds that your own record rests on',
  certificates: 'Certificates',
  money: 'Its money',
});
