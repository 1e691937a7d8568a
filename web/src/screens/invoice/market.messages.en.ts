import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'What the market can do',
  // Not final.
  drop: 'Take back',
  'drop.title': 'Take this invoice back before it is final?',
  'drop.text': 'What it was to bill is carried over to the next month, or billed by a reissue.',
  dropped: 'The invoice is taken back',
  // Open.
  void: 'Void',
  'void.title': 'Void invoice {number}?',
  'void.text':
    'It is void at Stripe and in the ledger; what it billed, {amount}, is unbilled again. That is refused once something of it was paid or credited, and while a charge of it is disputed.',
  voided: 'The invoice is void',
  'void.not': 'It cannot be voided: something of it was paid or credited.',
  writeOff: 'Propose to write off',
  'writeOff.title': 'Write off what is unpaid?',
  'writeOff.text':
    '{amount} become bad debt (5200) once another person of the market’s finance carries it out. Nothing happens before.',
  'writeOff.proposed': 'The write-off is proposed: another person carries it out',
  'writeOff.carry': 'Carry out the write-off',
  'writeOff.carry.title': 'Write off {amount}?',
  'writeOff.carry.text':
    'The invoice becomes uncollectible at Stripe, and {amount} go from receivable (1200) to bad debt (5200). What is paid later is booked back.',
  writtenOff: 'The invoice is written off',
  'writeOff.waits': 'It is proposed to write off what is unpaid, by',
  'writeOff.done': 'Written off: {amount}, proposed and carried out by two people:',
  'writeOff.withdraw': 'Take the proposal back',
  'writeOff.withdraw.title': 'Take this proposal back?',
  'writeOff.withdraw.text': 'Nothing was written off; the invoice goes on being collected.',
  'writeOff.withdrawn': 'The proposal is taken back',
  'writeOff.late': 'Once it is overdue, what is unpaid can be written off by two people.',
  // Taken back.
  reissue: 'Bill anew',
  'reissue.title': 'Bill this month anew?',
  'reissue.text':
    'The next version bills what this one billed, less what was disputed since. Its amount is fixed minutes later; then another person approves it. Until it is final or taken back the next month’s close waits.',
  'reissue.asked': 'A reissue is asked for',
  'reissue.section': 'Reissue',
  'reissue.invoice': 'The invoice that bills it anew',
  'reissue.by': 'Asked for by',
  'reissue.at': 'Asked for',
  'reissue.planned': 'Its amount is fixed',
  'reissue.approvedBy': 'Approved by',
  'reissue.approve': 'Approve the reissue',
  'reissue.approve.title': 'Make the reissued invoice final?',
  'reissue.approve.text': 'Invoice {invoice} becomes final and goes to the company.',
  'reissue.approved': 'The reissue is approved',
});
