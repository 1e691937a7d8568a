/** Reads a request's body up to the limit of the API; what is larger is thrown away unread. */
import type { IncomingMessage } from 'node:http';

/** 256 KB, the most a call may carry whose route says nothing else. */
export const BODY_LIMIT_BYTES = 256 * 1024;
/** So much of a body that is too large is still taken (and thrown away), so that its sender gets to read the answer. */
const DRAIN_BYTES = 8 * 1024 * 1024;
const DRAIN_MS = 2_000;

export type Body = { tooLarge: false; body: Buffer | undefined } | { tooLarge: true };

/** The whole body; undefined where there is none. Never holds more than the limit. */
export async function readBody(request: IncomingMessage, mostBytes: number = BODY_LIMIT_BYTES): Promise<Body> {
  const declared = request.headers['content-length'];
  if (declared === undefined && request.headers['transfer-encoding'] === undefined)
    return { tooLarge: false, body: undefined };
  if (declared === '0') return { tooLarge: false, body: undefined };
  if (declared !== undefined && Number(declared) > mostBytes) {
    await drain(request, 0);
    return { tooLarge: true };
  }
  return new Promise<Body>((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const onData = (part: Buffer) => {
      size += part.length;
      if (size <= mostBytes) {
        parts.push(part);
        return;
      }
      request.off('data', onData);
      parts.length = 0;
      resolve(drain(request, size).then(() => ({ tooLarge: true })));
    };
    request.on('data', onData);
    request.once('end', () => {
      const [first] = parts;
      const body = parts.length <= 1 ? first : Buffer.concat(parts, size);
      resolve({ tooLarge: false, body });
    });
    request.once('error', reject);
    request.once('aborted', () => reject(new Error('the caller went away')));
  });
}

/** Lets the rest flow by, within bounds: whoever is still sending reads no answer. */
async function drain(request: IncomingMessage, readBytes: number): Promise<void> {
  let size = readBytes;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, DRAIN_MS);
    const finish = () => {
      clearTimeout(timer);
      resolve();
    };
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size > DRAIN_BYTES) finish();
    });
    request.once('end', finish);
    request.once('close', finish);
    request.once('error', finish);
    request.resume();
  });
}
