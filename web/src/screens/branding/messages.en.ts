import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Branding',
  lead: 'How you show yourself to your customers: on the page of a link, and in mails.',
  name: 'Name',
  'name.text': 'As your customers know you',
  colour: 'Colour',
  'colour.text': 'Of the head of the page and of buttons; left empty a neutral one',
  logoUrl: 'Logo',
  'logoUrl.text': 'An https address. The market never loads it; only your customer’s own program does.',
  replyTo: 'Answers go to',
  'replyTo.text': 'Where answers to mails go',
  mail: 'Mail the link when a request is resolved',
  'mail.text': 'Where the customer’s handle is an e-mail address. Off: you send the link yourself.',
  save: 'Save',
  saved: 'Your customers see it from now on.',
  'preview.title': 'As your customer sees it',
  'preview.logo': 'Here stands your logo.',
  'preview.text': 'Your request is solved',
  'preview.button': 'Solved',
});
