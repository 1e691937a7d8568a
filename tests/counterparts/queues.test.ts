/** ElasticMQ, an SQS nobody here wrote, does what the bundled engine does. */
import { describe, it } from 'vitest';
import { testQueues } from '../support/queues.ts';

const endpoint = process.env.AWS_ENDPOINT_URL_SQS;

if (endpoint === undefined || endpoint === '')
  describe('the queues of ElasticMQ', () => it.skip('need AWS_ENDPOINT_URL_SQS', () => undefined));
else testQueues('the queues of ElasticMQ', async () => ({ endpoint, stop: async () => undefined }));
