import { describe, expect, it } from 'vitest';
import { openSecret, sealSecret } from './secret-box.ts';

const KEY = new TextEncoder().encode('a signing key of thirty-two bytes');
const OTHER = new TextEncoder().encode('another signing key of some bytes');

describe('a sealed secret', () => {
  it('opens to the same text, whatever letters it has', async () => {
    for (const text of ['', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'Grüße, 你好 😀', 'x'.repeat(4_000)])
      expect(await openSecret(KEY, await sealSecret(KEY, text))).toBe(text);
  });

  it('does not show the text, and is another text each time', async () => {
    const [first, second] = [await sealSecret(KEY, 'whsec_secret'), await sealSecret(KEY, 'whsec_secret')];
    expect(first).not.toBe(second);
    expect(atob(first.split('.')[2]!.replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('whsec');
  });

  it('stays closed under another key, at another place, and where any letter was changed', async () => {
    const sealed = await sealSecret(KEY, 'whsec_secret', 'co_aaaa000001#one');
    expect(await openSecret(KEY, sealed, 'co_aaaa000001#one')).toBe('whsec_secret');
    expect(await openSecret(OTHER, sealed, 'co_aaaa000001#one')).toBeUndefined();
    expect(await openSecret(KEY, sealed, 'co_bbbb000002#one')).toBeUndefined();
    // The last letter of base64url may carry unused bits, so it is left alone.
    for (let at = 0; at < sealed.length - 1; at++) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      expect(await openSecret(KEY, changed, 'co_aaaa000001#one'), String(at)).toBeUndefined();
    }
  });

  it.each(['', 'v1', 'v1..', 'v2.AAAA.BBBB', 'v1.!!.??', 'v1.AAAA.BBBB.CCCC'])('is not %j', async (text) => {
    expect(await openSecret(KEY, text)).toBeUndefined();
  });
});
