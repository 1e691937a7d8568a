/** The one page of the marketplace: its queues with pooled volume, price, saving and where their rounds stand. */
import { formatMicros } from '../../shared/kernel/money.ts';
import { DAY, fromIso, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { MEMBERS_SHOWN_FROM, type PublicQueue, type PublicRound } from '../../shared/queue/queue.ts';
import { page, text } from './html.ts';
import type { HttpAnswer } from './http-event.ts';

export type QueuePage = {
  queues: readonly PublicQueue[];
  /** By queue id, for queues without an active round: the newest one with a result. */
  past: ReadonlyMap<string, PublicRound>;
  /** True where there are more queues than are shown. */
  isCut: boolean;
  nowMs: number;
  clockMode: 'running' | 'standing' | null;
  /** What is going on besides, such as the demo that is being filled. */
  notice: string | null;
};

/** A filter box helps from so many queues on. */
const FILTER_FROM = 12;

const FILTER_SCRIPT = `
const box = document.getElementById('filter');
const rows = [...document.querySelectorAll('tbody tr')];
const shown = document.getElementById('shown');
const none = document.getElementById('none');
box.addEventListener('input', () => {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count = 0;
  for (const row of rows) {
    row.hidden = !words.every((word) => row.dataset.words.includes(word));
    if (!row.hidden) count += 1;
  }
  shown.textContent = count + ' of ' + rows.length + ' queues';
  none.hidden = count > 0;
});`;

/** Renders the page. */
export function queuePage(data: QueuePage): HttpAnswer {
  const { queues, nowMs, clockMode } = data;
  const hasFilter = queues.length >= FILTER_FROM;
  const clock = clockMode === 'standing' ? 'standing clock' : 'running clock';
  const notice = data.notice === null ? '' : `<p role="status">${text(data.notice)}</p>`;
  const body = `<header>
<h1>Parley: pooled demand for customer service</h1>
<p class="soft">Companies post what they expect, providers bid on the pooled queue, and only a resolution is paid. The market’s time is <b>${text(minuteText(nowMs))}</b> (UTC, ${clock}).</p>
${notice}
</header>
<main>
${queues.length === 0 ? emptyState() : `${totals(data)}${hasFilter ? filterBox(queues.length) : ''}${table(data)}`}
</main>
<footer><p><a href="/docs">API, readable</a> · <a href="/v1/openapi.json">OpenAPI 3.1</a> · <a href="/healthz">Health</a></p></footer>`;
  return page({ title: 'Parley', body, ...(hasFilter ? { script: FILTER_SCRIPT } : {}) });
}

const emptyState = (): string => `<div class="empty">
<p><b>No queues yet.</b> A queue appears here when the market operator opens one for a service class.</p>
<p>Start without <code>--data</code> for a market that is already filled, replay a file of requests with <code>npm run replay</code>, or open a queue with <code>POST /v1/queues</code> (see <a href="/docs">the API</a>).</p>
</div>`;

const filterBox = (count: number): string => `<div class="filter">
<label for="filter">Find a queue</label>
<input id="filter" type="search" autocomplete="off" placeholder="category, channel, region …">
<span id="shown" class="soft" role="status">${count} of ${count} queues</span>
</div>
<p id="none" class="soft" hidden>No queue has all these words.</p>`;

/** What the published rounds add up to, by currency, since currencies do not add up. */
function totals({ queues, past }: QueuePage): string {
  const byCurrency = new Map<string, { awarded: number; billings: number; standalone: number }>();
  for (const queue of queues) {
    const figures = publishedRound(queue, past)?.figures;
    if (figures === null || figures === undefined) continue;
    const sum = byCurrency.get(queue.currency) ?? { awarded: 0, billings: 0, standalone: 0 };
    sum.awarded += figures.awarded;
    sum.billings += figures.billingsMicros;
    sum.standalone += figures.standaloneMicros;
    byCurrency.set(queue.currency, sum);
  }
  const facts = [...byCurrency].flatMap(([currency, { awarded, billings, standalone }]) => [
    `<li><b>${whole(awarded)}</b> resolutions pooled (${text(currency)} queues)</li>`,
    `<li><b>${text(moneyText(billings, currency, 0))}</b> together, ${text(moneyText(standalone, currency, 0))} each alone</li>`,
    `<li><b class="saving">${savingText(billings, standalone)}</b> saved</li>`,
  ]);
  const count = `<li><b>${whole(queues.length)}</b> ${queues.length === 1 ? 'queue' : 'queues'}</li>`;
  return `<ul class="facts">${count}${facts.join('')}</ul>`;
}

function table({ queues, past, isCut, nowMs }: QueuePage): string {
  const cut = isCut ? ` The first ${whole(queues.length)} are shown; the API has them all.` : '';
  return `<table role="table">
<caption>Prices are per confirmed resolution, all-in, without tax. Pooled figures are shown from ${MEMBERS_SHOWN_FROM} companies on.${cut}</caption>
<thead role="rowgroup"><tr role="row">
<th role="columnheader" scope="col">Queue</th><th role="columnheader" scope="col" class="number">Pooled volume</th><th role="columnheader" scope="col" class="number">Price now</th>
<th role="columnheader" scope="col" class="number">Alone</th><th role="columnheader" scope="col" class="number">Saving</th><th role="columnheader" scope="col" class="number">Members</th><th role="columnheader" scope="col">Round</th>
</tr></thead>
<tbody role="rowgroup">
${queues.map((queue) => row(queue, publishedRound(queue, past), nowMs)).join('\n')}
</tbody>
</table>`;
}

/** The round whose prices hold, or the last one that had any; null before the first clearing. */
const publishedRound = (queue: PublicQueue, past: QueuePage['past']): PublicRound | null =>
  queue.current ?? past.get(queue.id) ?? null;

function row(queue: PublicQueue, round: PublicRound | null, nowMs: number): string {
  const { category, channel, language, region, slaTier } = queue.serviceClass;
  const figures = round?.figures ?? null;
  const price = round?.averagePriceMicros ?? null;
  const alone = round?.averageStandaloneMicros ?? null;
  const name = `${category} · ${channel}`;
  const detail = `${language} · ${region} · ${slaTier}`;
  const words = `${name} ${detail} ${queue.currency} ${queue.id}`.toLowerCase();
  const cell = (label: string, value: string, more = '') =>
    `<td role="cell" class="number${more}" data-label="${label}"><span>${value}</span></td>`;
  return `<tr role="row" data-words="${text(words)}"><th role="rowheader" scope="row">${text(name)}<small>${text(detail)}</small></th>
${cell('Pooled volume', figures === null ? '–' : whole(figures.awarded))}
${cell('Price now', price === null ? `<small>at most ${text(moneyText(queue.terms.ceilingMicros, queue.currency))}</small>` : text(moneyText(price, queue.currency)))}
${cell('Alone', alone === null ? '–' : text(moneyText(alone, queue.currency)))}
${cell('Saving', price === null || alone === null ? '–' : savingText(price, alone), price === null ? '' : ' saving')}
${cell('Members', figures === null ? `fewer than ${MEMBERS_SHOWN_FROM}` : whole(figures.companies))}
<td role="cell" data-label="Round"><span>${roundText(round, queue.open, nowMs)}</span></td></tr>`;
}

function roundText(shown: PublicRound | null, open: PublicRound | null, nowMs: number): string {
  const lines: string[] = [];
  if (shown !== null) lines.push(`Round ${shown.round} ${shown.state}, ${endText('ends', shown.endsAt, nowMs)}`);
  if (open !== null)
    lines.push(
      open.state === 'open'
        ? `Round ${open.round} takes bids, ${endText('closes', open.closesAt, nowMs)}`
        : `Round ${open.round} ${open.state}, ${endText('starts', open.startsAt, nowMs)}`,
    );
  if (lines.length === 0) return 'no round';
  return lines.map((line, i) => (i === 0 ? text(line) : `<small>${text(line)}</small>`)).join('');
}

/** `ends in 12 days`, or `ended 3 hours ago` while the round waits for its next step. */
function endText(verb: 'ends' | 'closes' | 'starts', at: string, nowMs: number): string {
  const leftMs = fromIso(at) - nowMs;
  if (leftMs >= 0) return `${verb} in ${spanText(leftMs)}`;
  const past = { ends: 'ended', closes: 'closed', starts: 'was to start' }[verb];
  return `${past} ${spanText(-leftMs)} ago`;
}

function spanText(ms: number): string {
  const [size, unit] = ms >= 2 * DAY ? [DAY, 'days'] : ms >= 2 * HOUR ? [HOUR, 'hours'] : [MINUTE, 'minutes'];
  const count = Math.floor(ms / (size as number));
  return `${count} ${count === 1 ? String(unit).slice(0, -1) : unit}`;
}

const minuteText = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
const whole = (value: number): string => value.toLocaleString('en-US');

/** Money for reading: two decimals, or whole units for large sums. */
function moneyText(micros: number, currency: string, decimals = 2): string {
  if (Math.abs(micros) < 10_000 && micros !== 0) return `${formatMicros(micros)} ${currency}`;
  const value = (micros / 1_000_000).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return `${value} ${currency}`;
}

const savingText = (price: number, alone: number): string =>
  alone === 0 ? '–' : `${((100 * (alone - price)) / alone).toFixed(1)} %`;
