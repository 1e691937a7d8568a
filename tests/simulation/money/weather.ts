/**
 * What goes wrong in a run: processes that die at one of their calls to a table or to Stripe, and Stripe that fails, before
 * or after it has done what it was asked. Drawn from dice of its own, so that what happens in the business stays the same.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RequestFault } from '../../../infra/local/stripe/switches.ts';
import type { WebhookPlan } from '../../../infra/local/stripe/webhooks.ts';
import { type TableConfig, Tables } from '../../../shared/kernel/table.ts';
import { Crash } from '../../support/crash.ts';
import { dice } from '../../support/dice.ts';

/** A process dies at its n-th call (null: it lives), or Stripe fails it at so many of a hundred requests. */
type Fate = { diesAt: number | null; when: 'before' | 'after'; failsPercent: number };
const FINE: Fate = { diesAt: null, when: 'before', failsPercent: 0 };
const FAILURES: readonly RequestFault[] = ['error_after_commit', 'rate_limit', 'cut_after_commit', 'error_before'];
const PLANS: readonly WebhookPlan[] = ['deliver', 'deliver', 'drop', 'lose', 'duplicate', 'hold'];
/** A client, a queue and a sweep try again; from this try on nothing goes wrong. */
export const CALM_FROM = 3;

export type Struck = { crashes: number; stripeFaults: number; webhookFaults: number };

export class Weather {
  readonly struck: Struck = { crashes: 0, stripeFaults: 0, webhookFaults: 0 };
  /** Calls of the longest process of each kind, by which the k-th call to die at is drawn. */
  readonly longest: Map<string, number>;
  isOn = false;
  private readonly roll: () => number;
  private readonly seed: number;
  private process: { calls: number; isDead: boolean; fate: Fate } | null = null;

  constructor(seed: number, longest: Map<string, number>) {
    this.seed = seed;
    this.roll = dice(seed + 1_000_000);
    this.longest = longest;
  }

  private upTo(n: number): number {
    return Math.floor(this.roll() * n);
  }

  /** Runs a process of one kind; answers whether it died. */
  async run(kind: string, attempt: number, work: () => Promise<void>): Promise<boolean> {
    const process = { calls: 0, isDead: false, fate: this.isOn && attempt < CALM_FROM ? this.fateOf(kind) : FINE };
    this.process = process;
    try {
      await work();
    } catch (error) {
      if (!process.isDead) throw error;
    } finally {
      this.process = null;
      if (!this.isOn) this.longest.set(kind, Math.max(this.longest.get(kind) ?? 0, process.calls));
    }
    if (process.isDead) this.struck.crashes += 1;
    return process.isDead;
  }

  private fateOf(kind: string): Fate {
    const draw = this.roll();
    // A close and a payout always meet something; what else there is, often enough.
    const isAlways = kind.startsWith('close') || kind.startsWith('payout');
    if (draw < (isAlways ? 0.7 : 0.25))
      return {
        diesAt: 1 + this.upTo(Math.max(3, this.longest.get(kind) ?? 20)),
        when: this.roll() < 0.5 ? 'before' : 'after',
        failsPercent: 0,
      };
    return draw < (isAlways ? 1 : 0.5) ? { ...FINE, failsPercent: 25 } : FINE;
  }

  /** Tables whose calls count, and fail once the process is dead. Each set has caches of its own. */
  tablesOver(config: TableConfig): Tables {
    const send = async (command: Parameters<DynamoDBClient['send']>[0]): Promise<unknown> => {
      const { process } = this;
      const dies = this.counts();
      if (dies === 'before') throw new Crash('died before the call');
      const answer: unknown = await config.client.send(command);
      if (dies === 'after' || process?.isDead === true) throw new Crash('died after the call');
      return answer;
    };
    return new Tables({ ...config, client: { send } as unknown as DynamoDBClient });
  }

  /** What a call of the process that runs now meets; a dead one reaches nothing. */
  private counts(): 'before' | 'after' | undefined {
    const { process } = this;
    if (process === null) return undefined;
    if (process.isDead) return 'before';
    process.calls += 1;
    if (process.calls !== process.fate.diesAt) return undefined;
    process.isDead = true;
    return process.fate.when;
  }

  /** What a request to Stripe meets. People at Stripe's own pages are no process, and meet nothing. */
  request = (): RequestFault | undefined => {
    const { process } = this;
    const dies = this.counts();
    if (dies !== undefined) return dies === 'before' ? 'cut_before' : 'cut_after_commit';
    if (process === null || process.fate.failsPercent === 0 || this.upTo(100) >= process.fate.failsPercent)
      return undefined;
    this.struck.stripeFaults += 1;
    return FAILURES[this.upTo(FAILURES.length)];
  };

  /** What becomes of a webhook: drawn from its event, since webhooks come when they like. */
  webhook = ({ id, attempts }: { id: string; attempts: number }): WebhookPlan => {
    if (!this.isOn) return 'deliver';
    let hash = this.seed + attempts;
    for (const letter of id) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
    const plan = PLANS[Math.floor(dice(hash)() * PLANS.length)] ?? 'deliver';
    if (plan !== 'deliver') this.struck.webhookFaults += 1;
    return plan;
  };

  shuffled = <T>(all: T[]): T[] =>
    this.isOn
      ? all
          .map((one) => [this.roll(), one] as const)
          .sort(([a], [b]) => a - b)
          .map(([, one]) => one)
      : all;
}
