/** What can go wrong at one call of a process to a table or a queue, and a process to which it happens. */
import { BatchGetItemCommand, type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { QueueName } from '../../../shared/kernel/message.ts';
import { type TableConfig, Tables } from '../../../shared/kernel/table.ts';
import { Crash } from '../../support/crash.ts';

export const MODES = [
  /** The process is gone before the call reaches anybody, or after, with the answer lost. */
  'dies before',
  'dies after',
  /** The answer is lost and the SDK sends the same call again; a message comes twice. */
  'sent again',
  /** The table throttles, the queue takes no message; the process lives. */
  'refused',
  /** The call is done and never answered; the process lives. */
  'unanswered',
] as const;
export type Mode = (typeof MODES)[number];

/** It strikes the `at`-th call of a step, counted from 1 over all that the step runs. */
export type Fault = { at: number; mode: Mode };
/** A call as it was made: in which invocation of its step, whether it only read, and whether a message’s consumer made it. */
export type Made = { invocation: number; kind: 'read' | 'write' | 'send'; isConsumers: boolean };

/** Counts the calls of one step, and lets its fault strike once. */
export class Step {
  readonly made: Made[] = [];
  private readonly fault: Fault | undefined;
  hasStruck = false;
  invocation = 0;
  isConsuming = false;

  constructor(fault?: Fault) {
    this.fault = fault;
  }

  /** Passes one call of a process on, unless something happens to it. */
  async pass<T>(process: Process, kind: Made['kind'], call: () => Promise<T>): Promise<T> {
    if (process.isDead) throw new Crash('the process is gone');
    this.made.push({ invocation: this.invocation, kind, isConsumers: this.isConsuming });
    if (this.hasStruck || this.made.length !== this.fault?.at) return call();
    this.hasStruck = true;
    switch (this.fault.mode) {
      case 'dies before':
        process.isDead = true;
        throw new Crash('died before the call');
      case 'dies after':
        process.isDead = true;
        await call().catch(() => undefined);
        throw new Crash('died after the call');
      case 'sent again':
        await call();
        return call();
      case 'refused':
        throw Object.assign(new Error('throttled'), { name: 'ProvisionedThroughputExceededException' });
      case 'unanswered':
        await call();
        throw Object.assign(new Error('no answer came'), { name: 'TimeoutError' });
    }
  }
}

/** One process, with what it remembers. It is gone once it has died. */
export class Process {
  isDead = false;
  readonly tables: Tables;
  readonly send: (queue: QueueName, bodies: readonly unknown[]) => Promise<void>;

  constructor(config: TableConfig, mailbox: { queue: QueueName; body: unknown }[], step: Step) {
    const client = {
      send: (command: Parameters<DynamoDBClient['send']>[0]) =>
        step.pass(this, isRead(command) ? 'read' : 'write', () => config.client.send(command) as Promise<unknown>),
    } as unknown as DynamoDBClient;
    this.tables = new Tables({ ...config, client });
    this.send = (queue, bodies) =>
      step.pass(this, 'send', async () => void mailbox.push(...bodies.map((body) => ({ queue, body }))));
  }
}

const isRead = (command: unknown): boolean =>
  command instanceof GetItemCommand || command instanceof QueryCommand || command instanceof BatchGetItemCommand;
