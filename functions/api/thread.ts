/** What is said about a request, by its customer, its company and whoever works it. */
import { api } from '../middleware/api.ts';
import * as attachments from './attachments.ts';
import * as messages from './messages.ts';
import * as playbooks from './playbooks.ts';

export const handler = api('thread', { ...messages, ...attachments, ...playbooks });
