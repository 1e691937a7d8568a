/** Whether the market answers. */
import * as z from 'zod';
import { defineRoutes } from '../route.ts';

export const healthRoutes = defineRoutes([
  {
    id: 'getHealth',
    function: 'market',
    method: 'GET',
    path: '/healthz',
    summary: 'Whether the market answers',
    description: 'Answers 503 where a part does not. On one machine it names the parts.',
    access: { who: 'everybody' },
    repeat: 'none',
    responses: {
      200: z
        .object({
          status: z.literal('ok'),
          parts: z.record(z.string(), z.string()).optional(),
          notice: z.string().optional(),
        })
        .meta({ id: 'Health' }),
    },
    problems: [],
  },
]);
