/** The stand-in for Stripe in a process of its own, as Stripe is somebody else's: it counts what it is asked. */
import { startStripe } from '../../../infra/local/stripe/stripe.ts';
import { endpointOf } from '../../../shared/gateways/pace.ts';
import type { StandInAsk, StandInTold } from './stand-in.ts';

const tell = (message: StandInTold): void => void process.send?.(message);
const counts = new Map<string, number>();
/** Calls by customer, and whose invoices are. */
const perCustomer = new Map<string, number>();
const customerOf = new Map<string, string>();
let refused = 0;

const now = Number(process.argv[2]);
const standIn = await startStripe({
  database: ':memory:',
  clock: { now: () => now },
  seed: 'bench',
  observe: ({ method, path }, { status, body }) => {
    const endpoint = endpointOf(method, path);
    add(counts, endpoint);
    if (status >= 400) refused += 1;
    const customer = whose(endpoint, path, body);
    if (customer !== undefined) add(perCustomer, customer);
  },
});

/** The customer that a call is about. */
function whose(endpoint: string, path: string, body: string): string | undefined {
  if (endpoint === 'POST /v1/customers') return (JSON.parse(body) as { id: string }).id;
  if (endpoint === 'POST /v1/invoices') {
    const { id, customer } = JSON.parse(body) as { id: string; customer: string };
    customerOf.set(id, customer);
    return customer;
  }
  const [, , kind, id = ''] = path.split('/');
  return kind === 'customers' ? id : customerOf.get(id);
}

function add(sums: Map<string, number>, key: string): void {
  sums.set(key, (sums.get(key) ?? 0) + 1);
}

process.on('message', (ask: StandInAsk) => {
  if (ask === 'stop') void standIn.stop().then(() => process.disconnect());
  else tell({ counts: Object.fromEntries(counts), refused, mostPerCustomer: Math.max(0, ...perCustomer.values()) });
});
tell({ secretKey: standIn.key, port: standIn.port });
