/** The bucket's gateway signs as AWS does, and its forms and links work against an engine that speaks the protocol. */
import { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SqsEngine, startSqsEngine } from '../../../infra/local/sqs-engine.ts';
import { bucketFiles } from './s3.ts';
import { postFields, presignedUrl, signatureOf } from './s3-sign.ts';

const EXAMPLE = {
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  region: 'us-east-1',
  atMs: Date.UTC(2013, 4, 24),
};

describe('signatures', () => {
  it('of a link are those of the example in Amazon’s documentation of Signature Version 4', async () => {
    const url = await presignedUrl(EXAMPLE, 'GET', 'https://examplebucket.s3.amazonaws.com/test.txt', {}, 86_400);
    expect(new URL(url).searchParams.get('X-Amz-Signature')).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });

  it('of a form are those that Amazon’s own library makes of the same policy', async () => {
    const client = new S3Client({ region: EXAMPLE.region, credentials: EXAMPLE.credentials });
    const theirs = await createPresignedPost(client, {
      Bucket: 'files',
      Key: 'uploads/a',
      Fields: { 'Content-Type': 'image/png' },
      Conditions: [['content-length-range', 7, 7]],
    });
    const date = theirs.fields['X-Amz-Date'] ?? '';
    const atMs = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    const signing = { ...EXAMPLE, atMs };
    expect(await signatureOf(signing, theirs.fields.Policy ?? '')).toBe(theirs.fields['X-Amz-Signature']);
    const terms = { type: 'image/png', sizeBytes: 7, expiresAt: atMs + 60_000 };
    const ours = await postFields(signing, 'files', 'uploads/a', terms);
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs.fields).sort());
    const conditions = (policy: string | undefined) =>
      (JSON.parse(atob(policy ?? '')) as { conditions: unknown[] }).conditions.map((one) => JSON.stringify(one)).sort();
    expect(conditions(ours.Policy)).toEqual(conditions(theirs.fields.Policy));
    client.destroy();
  });
});

describe('against an engine', () => {
  let engine: SqsEngine;
  beforeAll(async () => {
    engine = await startSqsEngine();
    await fetch(`${engine.endpoint}/parley-files`, { method: 'PUT' });
  });
  afterAll(() => engine.stop());
  const gateway = (now = Date.now()) =>
    bucketFiles({
      name: 'parley-files',
      region: 'us-east-1',
      endpoint: `${engine.endpoint}/parley-files`,
      credentials: () => EXAMPLE.credentials,
      now: () => now,
    });

  it('what is uploaded by a form is read, kept, fetched with its name, and removed; what is not there is no failure', async () => {
    const files = gateway();
    const key = 'co_bank1.request/attachment';
    const bytes = new TextEncoder().encode('Grüße');
    expect(await files.readUpload(key, 100)).toBeUndefined();
    const { url, fields } = await files.signUpload(key, {
      type: 'text/plain',
      sizeBytes: bytes.length,
      expiresAt: Date.now() + 60_000,
    });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob([bytes]), 'note.txt');
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(204);
    expect(await files.readUpload(key, 100)).toEqual(bytes);
    expect(await files.readUpload(key, bytes.length - 1)).toBeUndefined();
    await files.keep(key, bytes, 'text/plain');
    const link = await files.signDownload(key, {
      name: 'Grüße.txt',
      type: 'text/plain',
      expiresAt: Date.now() + 60_000,
    });
    expect(new URL(link).searchParams.get('response-content-disposition')).toBe(
      `attachment; filename="Gr__e.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt`,
    );
    expect(await (await fetch(link)).text()).toBe('Grüße');
    await files.remove(key);
    await files.remove(key);
    expect((await fetch(link)).status).toBe(404);
    expect(await files.readUpload(key, 100)).toBeUndefined();
  });
});
