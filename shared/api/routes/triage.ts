/** A company has its texts sorted into its categories, and corrects how. */
import { CorrectionsInput, CorrectionsView, TriageInput, TriageView } from '../../triage/triage.ts';
import { defineRoutes } from '../route.ts';

const SORT = { who: 'members', roles: ['company.admin', 'company.operator'], scope: 'requests:write' } as const;
const FOLLOW = { who: 'members', roles: ['company.admin', 'company.operator'], scope: 'requests:read' } as const;

export const triageRoutes = defineRoutes([
  {
    id: 'triageText',
    function: 'company',
    method: 'POST',
    path: '/v1/triage',
    access: FOLLOW,
    repeat: 'none',
    summary: 'Which of one’s categories a text falls into, and how sure that is',
    description:
      'The categories are those of the queues in which you have a commitment or an award. A request without a queue is sorted the same way. Nothing is kept of the text.',
    body: TriageInput,
    responses: { 200: TriageView },
    problems: ['not_found'],
  },
  {
    id: 'correctTriage',
    function: 'company',
    method: 'POST',
    path: '/v1/triage/corrections',
    access: SORT,
    repeat: 'natural',
    summary: 'Say which category texts belong to, so that these and their like are sorted right next time',
    description:
      'A text, or a request whose text is meant. The newest 256 texts are remembered, by hashes of their words and letters and never by the words; saying the same again changes nothing. A few examples teach a category that the market’s model does not know.',
    body: CorrectionsInput,
    responses: { 200: CorrectionsView },
    problems: ['not_found'],
  },
  {
    id: 'getTriageCorrections',
    function: 'company',
    method: 'GET',
    path: '/v1/triage/corrections',
    access: FOLLOW,
    repeat: 'none',
    summary: 'How many corrections are remembered, by category',
    responses: { 200: CorrectionsView },
    problems: [],
  },
  {
    id: 'resetTriage',
    function: 'company',
    method: 'DELETE',
    path: '/v1/triage/corrections',
    access: SORT,
    repeat: 'natural',
    summary: 'Take back all corrections',
    responses: { 204: null },
    problems: [],
  },
]);
