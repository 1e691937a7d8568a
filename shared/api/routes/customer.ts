/** A company's customer, with the signed link and no login. */
import * as z from 'zod';
import { RatingInput } from '../../customer/rating.ts';
import { WaitRange } from '../../dispatch/wait.ts';
import { IncidentForCustomer } from '../../incident/incident.ts';
import { Instant } from '../../kernel/time.ts';
import { RequestState } from '../../request/request.ts';
import { defineRoutes } from '../route.ts';

export const LinkToken = z.string().min(20).max(600);
export const LinkParams = z.object({ token: LinkToken });
export const CustomerView = z
  .object({
    company: z.string(),
    colour: z.string().nullable().meta({ description: 'The company’s colour, as its branding says: `#0b57a4`' }),
    category: z.string(),
    text: z.string(),
    state: RequestState,
    acceptedAt: Instant,
    deadline: Instant,
    outcome: z.string().nullable(),
    incident: IncidentForCustomer.nullable().meta({
      description: 'What many have at once, and what the company says of it, while the request is linked to it',
    }),
    judgeUntil: Instant.nullable().meta({
      description: 'Until when one may say whether it is solved; null where there is nothing to judge',
    }),
    wait: WaitRange.nullable().meta({
      description: 'While it waits: how long requests like it lately waited; null where that cannot be said yet',
    }),
    rating: RatingInput.nullable(),
    canRate: z.boolean(),
    erased: z.boolean().meta({ description: 'Whether one had everything erased' }),
  })
  .meta({ id: 'CustomerView' });

/** What a judgement leaves: where the request stands now. */
export const Judged = z.object({ state: RequestState }).meta({ id: 'Judged' });

export const customerRoutes = defineRoutes([
  {
    id: 'getLink',
    function: 'customer',
    method: 'GET',
    path: '/v1/links/{token}',
    access: { who: 'customer' },
    repeat: 'none',
    summary: 'Where one’s request stands',
    params: LinkParams,
    responses: { 200: CustomerView },
    problems: ['link_expired'],
  },
  {
    id: 'solved',
    function: 'customer',
    method: 'POST',
    path: '/v1/links/{token}/solved',
    access: { who: 'customer' },
    repeat: 'natural',
    summary: 'It is solved',
    params: LinkParams,
    responses: { 200: Judged },
    problems: ['link_expired', 'not_resolved', 'window_passed'],
  },
  {
    id: 'notSolved',
    function: 'customer',
    method: 'POST',
    path: '/v1/links/{token}/not-solved',
    access: { who: 'customer' },
    repeat: 'natural',
    summary: 'It is not solved: somebody looks again',
    params: LinkParams,
    responses: { 200: Judged },
    problems: ['link_expired', 'not_resolved', 'window_passed', 'data_erased'],
  },
  {
    id: 'personPlease',
    function: 'customer',
    method: 'POST',
    path: '/v1/links/{token}/person',
    access: { who: 'customer' },
    repeat: 'natural',
    summary: 'A person please',
    params: LinkParams,
    responses: { 200: Judged },
    problems: ['link_expired', 'window_passed', 'request_closed', 'data_erased'],
  },
]);
