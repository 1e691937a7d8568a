/** What an organisation still lacks on its way to its first commitment, bid, invoice or payout. */
import * as z from 'zod';
import { QueueId } from '../kernel/id.ts';

/** What a step comes before: what cannot be, or is worse, without it. */
export const Stage = z.enum(['commitment', 'request', 'invoice', 'bid', 'work', 'payout']).meta({ id: 'JoiningStage' });
export type Stage = z.infer<typeof Stage>;

export const StepName = z
  .enum([
    'approval',
    'sandbox',
    'certificates',
    'commitment',
    'way_in',
    'playbook',
    'budget',
    'billing_profile',
    'payment_method',
    'bid',
    'availability',
    'payout_profile',
    'payout_account',
  ])
  .meta({ id: 'JoiningStepName' });
export type StepName = z.infer<typeof StepName>;

export const Step = z
  .object({
    step: StepName,
    before: Stage,
    isRequired: z.boolean().meta({ description: 'Without it the market refuses, or holds back, what it comes before' }),
    isDone: z.boolean(),
    queues: z.array(QueueId).meta({ description: 'Where something is missing; empty for what is of no queue' }),
  })
  .meta({ id: 'JoiningStep' });
export type Step = z.infer<typeof Step>;

export const Checklist = z
  .object({
    steps: z.array(Step),
    stages: z.array(z.object({ stage: Stage, isReady: z.boolean() })).meta({
      description: 'What is ready: all that is required before it is done',
    }),
  })
  .meta({ id: 'Checklist' });
export type Checklist = z.infer<typeof Checklist>;

/** What is known of a company. `committedIn` are the queues it has a commitment in; `unwritten` those of them without a playbook. */
export type CompanyFacts = {
  isApproved: boolean;
  hasSandbox: boolean;
  committedIn: readonly string[];
  hasWayIn: boolean;
  unwritten: readonly string[];
  hasBudget: boolean;
  hasProfile: boolean;
  /** Null where it pays by transfer, and nothing is charged. */
  hasPaymentMethod: boolean | null;
};

export type ProviderFacts = {
  isApproved: boolean;
  hasSandbox: boolean;
  hasBid: boolean;
  hasHours: boolean;
  hasPayoutProfile: boolean;
  isAccountActive: boolean;
  hasCertificate: boolean;
};

const REQUIRED = true;
const ADVISED = false;

export function companyChecklist(facts: CompanyFacts): Checklist {
  const steps = [
    step('sandbox', 'commitment', ADVISED, facts.hasSandbox),
    step('approval', 'commitment', REQUIRED, facts.isApproved),
    step('commitment', 'request', ADVISED, facts.committedIn.length > 0),
    step('way_in', 'request', ADVISED, facts.hasWayIn),
    step('playbook', 'request', ADVISED, facts.committedIn.length > 0 && facts.unwritten.length === 0, facts.unwritten),
    step('budget', 'request', ADVISED, facts.hasBudget),
    step('billing_profile', 'invoice', REQUIRED, facts.hasProfile),
  ];
  if (facts.hasPaymentMethod !== null) steps.push(step('payment_method', 'invoice', REQUIRED, facts.hasPaymentMethod));
  return checklist(['commitment', 'request', 'invoice'], steps);
}

export function providerChecklist(facts: ProviderFacts): Checklist {
  return checklist(
    ['bid', 'work', 'payout'],
    [
      step('sandbox', 'bid', ADVISED, facts.hasSandbox),
      step('approval', 'bid', REQUIRED, facts.isApproved),
      step('certificates', 'bid', ADVISED, facts.hasCertificate),
      step('bid', 'work', REQUIRED, facts.hasBid),
      step('availability', 'work', ADVISED, facts.hasHours),
      step('payout_profile', 'payout', REQUIRED, facts.hasPayoutProfile),
      step('payout_account', 'payout', REQUIRED, facts.isAccountActive),
    ],
  );
}

const step = (
  name: StepName,
  before: Stage,
  isRequired: boolean,
  isDone: boolean,
  queues: readonly string[] = [],
): Step => ({ step: name, before, isRequired, isDone, queues: [...queues] });

/** Each stage is ready when what is required before it, and before the stages in front of it, is done. */
function checklist(stages: readonly Stage[], steps: readonly Step[]): Checklist {
  const ready = (through: number): boolean =>
    steps.every((one) => one.isDone || !one.isRequired || stages.indexOf(one.before) > through);
  return { steps: [...steps], stages: stages.map((stage, place) => ({ stage, isReady: ready(place) })) };
}
