import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Dispute',
  disputes: 'Disputes',
  withdraw: 'Withdraw',
  'withdraw.title': 'Withdraw the dispute?',
  'withdraw.text':
    'The charge of {amount} stands, and the provider’s money is no longer held. You may dispute it again within the time.',
  withdrawn: 'The dispute is withdrawn: the charge stands.',
  take: 'Take the offer',
  'take.title': 'Be content with what was offered?',
  'take.text': '{offered} of the {claimed} you claimed are given back, as {wants}. The dispute is over then.',
  'take.wants.credit': 'credit for further invoices',
  'take.wants.refund': 'money back',
  taken: 'You took the offer: {offered} are given back.',
  answer: 'Answer',
  'answer.title': 'Your answer',
  'answer.lead':
    'Once: an answer stays as it is. If you say nothing until the clock runs out, the dispute is accepted.',
  'answer.kind': 'What you say',
  'answer.accept': 'Accept: give back all that is claimed',
  'answer.accept_part': 'Offer a part',
  'answer.contest': 'Contest: the charge should stand',
  'answer.share': 'How much of the charge you offer, in percent',
  'answer.statement': 'Your statement',
  'answer.statement.text': 'The company and whoever decides read it.',
  'answer.consequence.accept': '{amount} of your pay for this request are given back.',
  'answer.consequence.accept_part':
    'You offer to give back {amount} of your pay. The company may take it; else the market decides, between that and what is claimed.',
  'answer.consequence.contest': 'The market decides. Until then your pay for this request stays held.',
  'answer.done': 'Your answer is given.',
});
