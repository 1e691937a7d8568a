import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Billing settings',
  lead: 'What holds for all invoices that are planned from now on. Invoices that are planned or final are not changed.',
  tax: 'Tax on invoices',
  'tax.none': 'None',
  'tax.none.hint': 'Invoices carry no tax.',
  'tax.automatic': 'Automatic',
  'tax.automatic.hint': 'Stripe Tax reckons it from each company’s address and tax id.',
  change: 'Change',
  'change.title': 'Change tax to ‘{tax}’?',
  'change.text': 'It holds for every invoice of all companies that is planned from now on.',
  changed: 'Changed. It holds for every invoice that is planned from now on.',
  version: 'Version {version}, changed by',
  never: 'Nobody has changed it yet.',
});
