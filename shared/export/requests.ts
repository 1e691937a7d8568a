/** Every request of a queue's round with what came of it in money: billed, still pending, or not billed and why. */
import * as z from 'zod';
import type { RequestView } from '../request/request.ts';
import type { Column } from './table.ts';

export const BillingStand = z.enum(['billed', 'pending', 'open', 'not_billed']);
export type BillingStand = z.infer<typeof BillingStand>;

/** `pending`: resolved, and posted when its reopen window has passed. `open`: it may still be resolved. */
export function billingStand(view: Pick<RequestView, 'state'>): BillingStand {
  switch (view.state) {
    case 'settled':
      return 'billed';
    case 'resolved':
    case 'confirmed':
    case 'assumed':
      return 'pending';
    case 'queued':
    case 'working':
    case 'held_back':
      return 'open';
    default:
      return 'not_billed';
  }
}

/** Why a request is not billed, or not yet, in words. */
export function notBilledBecause(view: Pick<RequestView, 'state' | 'reopens' | 'incident'>): string | null {
  switch (view.state) {
    case 'settled':
      return null;
    case 'resolved':
      return 'resolved; it counts as assumed once the customer has been silent long enough';
    case 'confirmed':
      return 'confirmed; posted when the reopen window has passed';
    case 'assumed':
      return 'assumed; posted when the reopen window has passed';
    case 'queued':
      return view.reopens > 0
        ? 'reopened and waiting: its earlier resolutions are not billed'
        : 'waiting for a provider';
    case 'working':
      return view.reopens > 0 ? 'reopened and worked again: its earlier resolutions are not billed' : 'being worked';
    case 'held_back':
      return "held back by the company's monthly cap or credit";
    case 'unserved':
      return 'no provider took it';
    case 'cancelled':
      return 'cancelled';
    case 'linked':
      return view.incident === null ? 'linked to another request' : 'linked to an incident';
  }
}

export type RequestRow = {
  view: RequestView;
  /** What was charged; for a pending one what is expected at its present state; else null. */
  micros: number | null;
};

export const REQUEST_COLUMNS: readonly Column<RequestRow>[] = [
  ['request', ({ view }) => view.id],
  ['external_id', ({ view }) => view.externalId],
  ['queue', ({ view }) => view.queue],
  ['round', ({ view }) => view.round],
  ['accepted_at', ({ view }) => view.acceptedAt],
  ['state', ({ view }) => view.state],
  ['billing', ({ view }) => billingStand(view)],
  ['reason', ({ view }) => notBilledBecause(view)],
  ['amount', ({ micros }) => (micros === null ? null : { micros })],
  ['route', ({ view }) => view.route],
  ['provider', ({ view }) => view.provider],
  ['resolved_at', ({ view }) => view.resolvedAt],
  ['within_sla', ({ view }) => (view.withinSla === null ? null : view.withinSla ? 'yes' : 'no')],
  ['reopens', ({ view }) => view.reopens],
  ['outcome', ({ view }) => view.outcome?.code ?? null],
];
