/** Attachments in a bucket: uploads under `uploads/`, which the bucket's lifecycle empties, and checked files under `kept/`. */
import { contentDisposition, type DownloadTerms, type Files, type FileType } from '../../thread/attachment.ts';
import { type Credentials, postFields, presignedUrl, type Signing } from './s3-sign.ts';

export type Bucket = {
  name: string;
  region: string;
  /** `https://<name>.s3.<region>.amazonaws.com`; another one for engines that speak the protocol. */
  endpoint: string;
  credentials(): Credentials;
  /** Machine time in milliseconds. */
  now(): number;
};

const TIMEOUT_MS = 10_000;
/** How long our own calls' signatures hold, in seconds. */
const OWN_S = 60;

const uploaded = (key: string): string => `uploads/${key}`;
const kept = (key: string): string => `kept/${key}`;

/** The gateway to one bucket. Throws where the bucket does not answer or refuses us: a failure of ours, not of the caller. */
export function bucketFiles(bucket: Bucket): Files {
  const signing = (): Signing => ({ credentials: bucket.credentials(), region: bucket.region, atMs: bucket.now() });
  const urlOf = (key: string) => `${bucket.endpoint}/${key}`;
  const call = async (method: 'GET' | 'PUT' | 'DELETE', key: string, init: RequestInit = {}) => {
    const url = await presignedUrl(signing(), method, urlOf(key), {}, OWN_S);
    const answer = await fetch(url, { ...init, method, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok && answer.status !== 404) {
      await answer.body?.cancel();
      throw new Error(`the bucket answered ${method} with ${answer.status}`);
    }
    return answer;
  };
  return {
    signUpload: async (key, terms) => ({
      url: `${bucket.endpoint}/`,
      fields: await postFields(signing(), bucket.name, uploaded(key), terms),
    }),
    readUpload: async (key, mostBytes) => {
      const answer = await call('GET', uploaded(key));
      const isTaken = answer.status !== 404 && Number(answer.headers.get('content-length') ?? 0) <= mostBytes;
      if (!isTaken) {
        await answer.body?.cancel();
        return undefined;
      }
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return bytes.length <= mostBytes ? bytes : undefined;
    },
    keep: async (key, bytes, type) => {
      const answer = await call('PUT', kept(key), { body: bytes, headers: { 'content-type': type } });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`the bucket answered PUT with ${answer.status}`);
    },
    signDownload: async (key, terms) => {
      const expiresInS = Math.max(1, Math.ceil((terms.expiresAt - bucket.now()) / 1_000));
      return presignedUrl(signing(), 'GET', urlOf(kept(key)), answerHeaders(terms), expiresInS);
    },
    remove: async (key) => {
      for (const one of [uploaded(key), kept(key)]) await (await call('DELETE', one)).body?.cancel();
    },
  };
}

/** S3 lets a link fix these headers of its answer; `nosniff` is none of them, and a saved file is not sniffed. */
const answerHeaders = ({ name, type }: DownloadTerms & { type: FileType }): Record<string, string> => ({
  'response-content-disposition': contentDisposition(name),
  'response-content-type': type,
  'response-cache-control': 'private, no-store',
});
