import { texts } from '../../messages/texts.ts';

export const t = texts({
  title: 'Register your organisation',
  lead: 'You become its admin, and invite everybody else by link.',
  kind: 'What does it do here?',
  'kind.company': 'It buys service',
  'kind.company.text': 'A company: posts demand, sends requests, pays per resolution.',
  'kind.provider': 'It provides service',
  'kind.provider.text': 'Agents, automation or a community: bids, works requests, is paid per resolution.',
  'kind.member': 'It is here already',
  'kind.member.text':
    'Finance people, agents and operators join by invitation: ask an admin of your organisation for a link, and open it.',
  name: 'Name',
  'name.text': 'Its legal or trading name.',
  providerKind: 'Who does the work?',
  'providerKind.agent_pool': 'Agents: people who are employed or contracted',
  'providerKind.automation': 'Automation: programs answer',
  'providerKind.community': 'A community: members help, and share what is paid',
  next: 'The market’s operator approves each organisation before its first commitment or bid. Until then you can look around and prepare everything.',
  go: 'Register',
  draft: 'Your draft is kept: {count|one queue|{count} queues}.',
  already: 'You act for {name} already. A second organisation is registered beside it.',
});
