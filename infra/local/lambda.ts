/** Calls the topology's functions as Lambda would: the same handlers, an event, a context, a time-out. */
import { randomUUID } from 'node:crypto';
import { type FunctionName, type FunctionSpec, functions } from '../topology.ts';

export type Context = {
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
};
export type Handler = (event: unknown, context: Context) => Promise<unknown>;
export type Invoke = (name: FunctionName, event: unknown, requestId?: string) => Promise<unknown>;
export type Handlers = ReadonlyMap<FunctionName, Handler>;

/** Imports every function's file. Call it after the runtime was provided. */
export async function loadHandlers(): Promise<Handlers> {
  const loaded = await Promise.all(
    (Object.keys(functions) as FunctionName[]).map(async (name) => {
      const file = new URL(`../../${functions[name].file}`, import.meta.url);
      const { handler } = (await import(file.href)) as { handler?: Handler };
      if (typeof handler !== 'function') throw new Error(`${functions[name].file} exports no handler`);
      return [name, handler] as const;
    }),
  );
  return new Map(loaded);
}

/** Runs one function once; throws what it throws, and after its time-out. What runs on after that is not waited for. */
export function invoker(handlers: Handlers): Invoke {
  return async (name, event, requestId = randomUUID()) => {
    const handler = handlers.get(name);
    if (handler === undefined) throw new Error(`there is no function ${name}`);
    const { timeoutSeconds, memoryMb } = functions[name] as FunctionSpec;
    const endsAt = performance.now() + timeoutSeconds * 1_000;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${name} did not answer within ${timeoutSeconds} s`)),
        timeoutSeconds * 1_000,
      );
    });
    try {
      return await Promise.race([handler(event, contextOf(name, memoryMb, requestId, endsAt)), timeout]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The context a function sees; `endsAt` is of `performance.now()`. */
export function contextOf(name: string, memoryMb: number, requestId: string, endsAt: number): Context {
  return {
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    memoryLimitInMB: String(memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(endsAt - performance.now())),
  };
}
