/** The page behind a customer's link, and the outbox: small ones, so that the whole way can be walked on one machine. */
import { page } from './html.ts';
import type { HttpAnswer } from './http-event.ts';

const CUSTOMER_SCRIPT = `
const token = location.pathname.slice(3);
const at = (id) => document.getElementById(id);
const call = async (path, method, body) => {
  const answer = await fetch('/v1/links/' + token + path, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw json;
  return json;
};
const minutes = (s) => s < 120 ? s + ' s' : s < 7200 ? Math.round(s / 60) + ' min' : Math.round(s / 3600) + ' h';
const words = {
  queued: 'It waits for somebody to take it up.', working: 'Somebody works on it.',
  resolved: 'It is said to be solved. Is it?', confirmed: 'It was confirmed as solved.',
  assumed: 'It counts as solved, since nobody said otherwise. You may still say so.',
  settled: 'It is solved and closed.', unserved: 'Nobody could take it up in time.',
  held_back: 'It waits until the company lets it through.', cancelled: 'The company took it back.',
  linked: 'It goes on with your earlier request about the same thing.',
};
const judged = ['resolved', 'confirmed', 'assumed'];
const open = ['queued', 'working', 'held_back', ...judged];
const show = async () => {
  const it = await call('', 'GET');
  document.title = it.company;
  at('company').textContent = it.company + ': your request';
  at('text').textContent = it.erased ? 'What you said was erased.' : it.text;
  at('state').textContent = words[it.state];
  at('wait').textContent = it.state !== 'queued' ? '' : it.wait ? 'Lately eight of ten were taken up after ' + minutes(it.wait.fromSeconds) + ' to ' + minutes(it.wait.toSeconds) + '.' : 'How long it takes we cannot say yet.';
  at('outcome').textContent = it.outcome ?? '';
  at('rate').hidden = !it.canRate;
  at('solved').hidden = !judged.includes(it.state) || it.state === 'confirmed';
  at('not-solved').hidden = !judged.includes(it.state);
  at('person').hidden = !open.includes(it.state) || it.erased;
  at('receipt').hidden = it.state !== 'settled';
  at('erase').hidden = it.erased;
  at('rights').hidden = false;
};
const act = (work) => work().then(show).then(() => { at('said').textContent = ''; }, (problem) => {
  at('said').textContent = problem.detail ?? 'That did not work.';
  if (at('rights').hidden) at('state').textContent = '';
  at('renew').hidden = problem.code !== 'link_expired';
});
for (const path of ['solved', 'not-solved', 'person']) at(path).onclick = () => act(() => call('/' + path, 'POST'));
at('rated').onclick = () => act(() => call('/rating', 'PUT', { stars: Number(at('stars').value), comment: at('comment').value }));
at('erase').onclick = () => confirm('Erase everything you said to this company? It cannot be undone.') && act(() => call('/erase', 'POST', { confirm: 'erase everything' }));
at('export').href = '/v1/links/' + token + '/export';
at('receipt').href = '/v1/links/' + token + '/receipt';
at('renew').onclick = async () => {
  await fetch('/v1/customer/link/renew', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) });
  at('said').textContent = 'If an address is known, a new link is on its way.';
};
act(async () => {});
`;

/** The page of one link; it asks the API with the token in its own address. */
export const customerPage = (): HttpAnswer =>
  page({
    title: 'Your request',
    connects: true,
    body: `<header><h1 id="company">Your request</h1></header>
<main>
<p id="text"></p>
<p><b id="state">…</b> <span id="wait" class="soft"></span></p>
<p id="outcome"></p>
<p role="status" id="said"></p>
<p class="acts"><button id="solved" class="main" hidden>Solved</button><button id="not-solved" hidden>Not solved</button><button id="person" hidden>A person please</button><button id="renew" class="main" hidden>Send me a new link</button></p>
<p id="rate" class="acts" hidden><label>Stars <input id="stars" type="number" min="1" max="5" value="5"></label> <label>Comment <input id="comment" maxlength="1000"></label> <button id="rated">Rate</button></p>
<p id="rights" class="acts" hidden><a id="export">Everything held of me</a><a id="receipt">Receipt</a><button id="erase">Erase everything I said</button></p>
</main>`,
    script: CUSTOMER_SCRIPT,
  });

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
