/** What only the marketplace on one machine serves: the test clock, a development sign-in, what commands consumed. */
import * as z from 'zod';
import { Role } from '../../identity/identity.ts';
import { OrganisationId } from '../../kernel/id.ts';
import { Instant } from '../../kernel/time.ts';
import { defineRoutes } from '../route.ts';

const ANYBODY = { who: 'everybody' } as const;
export const ClockView = z
  .object({
    mode: z.enum(['running', 'standing']).nullable(),
    now: Instant,
    complete: z.boolean().meta({ description: 'Whether all that was due up to now has run' }),
  })
  .meta({ id: 'ClockView' });

export const localRoutes = defineRoutes([
  {
    id: 'getClock',
    function: 'local',
    method: 'GET',
    path: '/v1/test-clock',
    access: ANYBODY,
    repeat: 'none',
    localOnly: true,
    summary: 'The market clock',
    responses: { 200: ClockView },
    problems: [],
  },
  {
    id: 'setClock',
    function: 'local',
    method: 'PUT',
    path: '/v1/test-clock',
    access: ANYBODY,
    repeat: 'natural',
    localOnly: true,
    summary: 'Choose the clock of an empty data folder: running or standing, anywhere in time',
    body: z.strictObject({ mode: z.enum(['running', 'standing']), now: Instant }).meta({ id: 'ClockInput' }),
    responses: { 200: ClockView },
    problems: ['clock_mode_fixed', 'clock_is_real_time'],
  },
  {
    id: 'advanceClock',
    function: 'local',
    method: 'POST',
    path: '/v1/test-clock/advance',
    access: ANYBODY,
    repeat: 'natural',
    localOnly: true,
    summary: 'Move the market clock forward and run what became due',
    description: 'Works five seconds at the most; `complete: false` says that the same call should be repeated.',
    body: z
      .strictObject({
        to: Instant,
        booksFollow: z.boolean().optional().meta({
          description:
            'Answers before what falls due of money is done: that works on, also beside further such steps within five minutes; any other step waits for it',
        }),
      })
      .meta({ id: 'AdvanceInput' }),
    responses: { 200: ClockView },
    problems: ['clock_goes_forward', 'clock_is_real_time'],
  },
  {
    id: 'signIn',
    function: 'local',
    method: 'POST',
    path: '/dev/sign-in',
    access: ANYBODY,
    repeat: 'none',
    localOnly: true,
    summary: 'A development access token for a person, in the shape of the production user pool',
    description: 'With `market` roles the person also becomes a member of the market organisation.',
    body: z
      .strictObject({ email: z.email().max(254), market: z.array(Role).max(2).optional() })
      .meta({ id: 'SignInInput' }),
    responses: {
      200: z.object({
        token: z.string(),
        expiresAt: Instant,
        user: z.string(),
        organisations: z.array(OrganisationId),
      }),
    },
    problems: [],
  },
  {
    id: 'getOutbox',
    function: 'local',
    method: 'GET',
    path: '/dev/outbox',
    access: ANYBODY,
    repeat: 'none',
    localOnly: true,
    summary: 'Every mail that would have left this machine, newest first',
    responses: {
      200: z.object({
        items: z.array(
          z.object({
            id: z.string(),
            at: z.number(),
            to: z.string(),
            fromName: z.string(),
            replyTo: z.string().nullable(),
            subject: z.string(),
            text: z.string(),
            html: z.string(),
          }),
        ),
      }),
    },
    problems: [],
  },
  {
    id: 'getConsumption',
    function: 'local',
    method: 'GET',
    path: '/dev/consumption',
    access: ANYBODY,
    repeat: 'none',
    localOnly: true,
    summary: 'Write and read units by command since the start',
    responses: {
      200: z.object({
        commands: z.array(
          z.object({
            command: z.string(),
            runs: z.int(),
            writeUnits: z.number(),
            readUnits: z.number(),
            calls: z.int(),
          }),
        ),
        memoryMb: z.number(),
      }),
    },
    problems: [],
  },
]);
