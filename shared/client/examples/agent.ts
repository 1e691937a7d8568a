/**
 * A provider's agent, whole. Against a marketplace on this machine, with the demo's key:
 * PARLEY_URL=http://127.0.0.1:4000 PARLEY_API_KEY=parley_… node shared/client/examples/agent.ts
 */
import { createParley } from '../client.ts';
import { type Turn, work } from '../work.ts';

const { PARLEY_URL = 'http://127.0.0.1:4000', PARLEY_API_KEY = '' } = process.env;
const parley = createParley({ baseUrl: PARLEY_URL, apiKey: PARLEY_API_KEY });

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort());

async function answer(turn: Turn) {
  console.log(`working on ${turn.lease.request}, due ${turn.lease.deadline}`);
  // Ask your model, your help desk, your people here; tell each step, and mind turn.signal.
  turn.progress();
  if (/lawyer|police|court/i.test(turn.text)) return { escalate: 'A person should read this.' };
  const summary = `Answered the customer about ${turn.category}.`;
  return { resolve: { code: 'answered' as const, summary, evidence: `Re: ${turn.text.slice(0, 200)}` } };
}

await work(parley, answer, {
  atOnce: 5,
  signal: stop.signal,
  onError: (error, turn) =>
    console.error(turn?.lease.request ?? 'claim', error instanceof Error ? error.message : error),
});
console.log('stopped; nothing is held any more');
