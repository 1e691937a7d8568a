/** ElasticMQ, an SQS nobody here wrote, does what the bundled engine does. */
import { testQueues } from '../support/queues.ts';
import { addressOf } from './address.ts';

testQueues('the queues of ElasticMQ', async () => ({
  endpoint: addressOf('AWS_ENDPOINT_URL_SQS'),
  stop: async () => undefined,
}));
