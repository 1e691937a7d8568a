/** What is held of one request, as its customer takes it along. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Instant } from '../kernel/time.ts';
import { RequestId, RequestState } from '../request/request.ts';
import { CustomerAccess } from '../thread/access.ts';
import { Author, MessageKind } from '../thread/thread.ts';
import { RatingInput } from './rating.ts';

export const HeldRequest = z
  .object({
    request: RequestId,
    externalId: z.string().nullable(),
    category: z.string(),
    customer: z.string().meta({ description: 'The handle as the company sent it' }),
    text: z.string(),
    fields: z.record(z.string(), z.string()),
    sentAt: Instant,
    state: RequestState.nullable(),
    erasedAt: Instant.nullable(),
    rating: RatingInput.nullable(),
    turns: z.array(
      z.object({
        provider: OrganisationId,
        from: Instant,
        until: Instant.nullable(),
        summary: z.string().nullable(),
        reason: z.string().nullable(),
      }),
    ),
    messages: z.array(
      z.object({
        at: Instant,
        kind: MessageKind,
        author: Author,
        text: z.string(),
        attachments: z
          .array(z.string())
          .meta({ description: 'Their names; GET /v1/links/{token}/attachments gives the files' }),
      }),
    ),
    access: z.array(CustomerAccess).meta({ description: 'Who looked at it' }),
  })
  .meta({ id: 'HeldRequest' });
export type HeldRequest = z.infer<typeof HeldRequest>;
