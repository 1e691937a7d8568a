/** The outbox: a small page, so that mails can be read on one machine. */
import { page } from './html.ts';
import type { HttpAnswer } from './http-event.ts';

const OUTBOX_SCRIPT = `
fetch('/dev/outbox').then((answer) => answer.json()).then(({ items }) => {
  const list = document.getElementById('mails');
  if (items.length === 0) list.textContent = 'No mail was sent yet.';
  for (const mail of items) {
    const article = list.appendChild(document.createElement('article'));
    const add = (name, text) => { const part = article.appendChild(document.createElement(name)); part.textContent = text; return part; };
    add('h2', mail.subject);
    add('p', 'To ' + mail.to + ', from ' + mail.fromName + ', ' + new Date(mail.at).toISOString().slice(0, 16).replace('T', ' ') + ' UTC').className = 'soft';
    for (const line of mail.text.split('\\n')) {
      const part = add('p', line.startsWith('http') ? '' : line);
      if (line.startsWith('http')) { const a = part.appendChild(document.createElement('a')); a.href = line; a.textContent = line; }
    }
  }
});
`;

/** Every mail that would have left this machine. */
export const outboxPage = (): HttpAnswer =>
  page({
    title: 'Outbox · Parley',
    connects: true,
    body: '<header><h1>Outbox</h1><p>No mail leaves this machine: here is what would have.</p></header><main id="mails"></main>',
    script: OUTBOX_SCRIPT,
  });
