/** What is said about a request, by its customer, its company and whoever works it. */
import { playbookRoutes } from '../../shared/api/routes/playbook.ts';
import { threadRoutes } from '../../shared/api/routes/thread.ts';
import { api } from '../middleware/api.ts';
import * as attachments from './attachments.ts';
import * as messages from './messages.ts';
import * as playbooks from './playbooks.ts';

export const handler = api('thread', [...playbookRoutes, ...threadRoutes], {
  ...messages,
  ...attachments,
  ...playbooks,
});
