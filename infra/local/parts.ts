/** What a step of the clock runs: the books, which may follow it, and the rest of the market, which may not. */
import type { Due } from '../../shared/dispatch/due.ts';
import type { QueueName } from '../../shared/kernel/message.ts';

/** `books`: what falls due of money, with the messages to and from Stripe. `market`: all the rest. */
export type Part = 'books' | 'market';
export const ALL_PARTS: readonly Part[] = ['books', 'market'];

export const partOfDue = ({ kind }: Due): Part => (kind === 'finance' ? 'books' : 'market');
export const partOfQueue = (queue: QueueName): Part => (queue.startsWith('stripe-') ? 'books' : 'market');
