/**
 * What AWS asks, as data: one price for each thing that is counted. List prices of one region, without free tiers and
 * discounts for volume, so that what is computed from them is the most that it comes to.
 */
export const REGION = 'us-east-1';
/** When the list prices were last looked up. */
export const AS_OF = '2025-11';

export type Price = {
  /** What one is. */
  unit: string;
  /** US dollars for `per` of them. */
  usd: number;
  per: number;
  source: string;
};

const MILLION = 1_000_000;
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const CLOUDFRONT = 'https://aws.amazon.com/cloudfront/pricing/pay-as-you-go/';

/** Paid for each request that the market serves. */
export const PRICES = {
  writeUnits: { unit: 'write request units, on demand', usd: 0.625, per: MILLION, source: DYNAMODB },
  readUnits: { unit: 'read request units, on demand', usd: 0.125, per: MILLION, source: DYNAMODB },
  httpCalls: {
    unit: 'calls of an HTTP API, up to 512 KB each',
    usd: 1,
    per: MILLION,
    source: 'https://aws.amazon.com/api-gateway/pricing/',
  },
  invocations: {
    unit: 'invocations of a function',
    usd: 0.2,
    per: MILLION,
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  gigabyteSeconds: {
    unit: 'gigabyte-seconds on arm64',
    usd: 0.0000133334,
    per: 1,
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  queueRequests: {
    unit: 'requests to standard queues, up to 64 KB each',
    usd: 0.4,
    per: MILLION,
    source: 'https://aws.amazon.com/sqs/pricing/',
  },
  logBytes: { unit: 'bytes of log taken in', usd: 0.5, per: 1_000_000_000, source: CLOUDWATCH },
} as const satisfies Record<string, Price>;
export type Counted = keyof typeof PRICES;

/** Shown apart: what stands in front of the API, where a program in the same region may do without; and traces. */
export const APART_PRICES = {
  edgeCalls: { unit: 'HTTPS calls through CloudFront', usd: 0.01, per: 10_000, source: CLOUDFRONT },
  wafCalls: {
    unit: 'calls looked at by WAF',
    usd: 0.6,
    per: MILLION,
    source: 'https://aws.amazon.com/waf/pricing/',
  },
  edgeBytes: { unit: 'bytes from CloudFront to the internet', usd: 0.085, per: 1_000_000_000, source: CLOUDFRONT },
  traces: { unit: 'traces kept by X-Ray', usd: 5, per: MILLION, source: 'https://aws.amazon.com/xray/pricing/' },
} as const satisfies Record<string, Price>;

/** Each month that what was written is kept. */
export const KEPT_PRICES = {
  storedBytes: { unit: 'bytes in tables, for a month', usd: 0.25, per: 1_000_000_000, source: DYNAMODB },
  recoverableBytes: {
    unit: 'bytes of point-in-time recovery, for a month',
    usd: 0.2,
    per: 1_000_000_000,
    source: DYNAMODB,
  },
} as const satisfies Record<string, Price>;

/** What `amount` of something costs in US dollars. */
export const usdOf = ({ usd, per }: Price, amount: number): number => (usd / per) * amount;

/** A function gets one whole processor with so much memory, and its share of one with less. */
const MEMORY_OF_ONE_PROCESSOR_MB = 1_769;
/** Lambda traces one run a second and this share of the others; nobody can set it. */
export const TRACED_SHARE = 0.05;
/** CloudWatch counts so many bytes of each line besides its own. */
export const BYTES_BESIDE_A_LINE = 26;
/**
 * From a function to a table and back, in the same region. This is not measured here, for it needs AWS: single-digit
 * milliseconds are documented, and functions measure two to six.
 */
export const TABLE_ANSWERS_AFTER_MS = 5;

/** One run of a function: processor time of this machine, and how often it waited for tables one wait after another. */
export type Run = { memoryMb: number; processorMs: number; waits: number };

/** The gigabyte-seconds that Lambda would count for it: its processor time at its share of a processor, and its waits. */
export function gigabyteSecondsOf({ memoryMb, processorMs, waits }: Run): number {
  const share = Math.min(1, memoryMb / MEMORY_OF_ONE_PROCESSOR_MB);
  const seconds = (processorMs / share + waits * TABLE_ANSWERS_AFTER_MS) / 1_000;
  return (seconds * memoryMb) / 1_024;
}
