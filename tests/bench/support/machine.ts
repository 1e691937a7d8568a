/** On what a bench ran. Measurements of two runs compare only where these agree, and not even then to a few percent. */
import { availableParallelism, cpus } from 'node:os';

export type Machine = { readonly node: string; readonly processor: string; readonly cores: number };

export function describeMachine(): Machine {
  return {
    node: process.version,
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableParallelism(),
  };
}

export function machineLine({ node, processor, cores }: Machine): string {
  return `Node ${node} · ${processor} · ${cores} cores, one used at a time`;
}
