/** The bundled SQS engine does what the consumers count on. */
import { startSqsEngine } from '../../infra/local/sqs-engine.ts';
import { testQueues } from '../support/queues.ts';

testQueues('the bundled queues', () => startSqsEngine());
