import { describe, expect, it } from 'vitest';
import { openSecret, sealSecret } from '../../shared/kernel/secret-box.ts';
import { readSigningKeys, sign, unsign } from '../../shared/kernel/sign.ts';
import { nextKeys } from './signing-keys.ts';

const key = (fill: number) => new Uint8Array(32).fill(fill);
const OLD = Buffer.from(key(1)).toString('base64url');
const [first, added] = [OLD, nextKeys(OLD, 'add', key(2))];
const used = nextKeys(added, 'use', key(3));
const dropped = nextKeys(used, 'drop', key(3));
const LINK = { request: 'co_a.r', exp: 1 };
const stages = [first, added, used, dropped].map(readSigningKeys);

describe('replacing a signing key', () => {
  it('adds a fresh one behind, brings it to the front, and drops the old one', () => {
    const NEW = Buffer.from(key(2)).toString('base64url');
    expect([first, added, used, dropped]).toEqual([OLD, `${OLD},${NEW}`, `${NEW},${OLD}`, NEW]);
  });

  it('ends nothing: between steps, each process opens what any other signs and seals', async () => {
    for (const [before, after] of [
      [0, 1],
      [1, 2],
    ] as const)
      for (const [maker, reader] of [
        [before, after],
        [after, before],
      ] as const) {
        const token = await sign(stages[maker]!, 'link', LINK);
        expect(await unsign(stages[reader]!, 'link', token)).toEqual(LINK);
        const sealed = await sealSecret(stages[maker]!, 'whsec_1', 'place');
        expect(await openSecret(stages[reader]!, sealed, 'place')).toBe('whsec_1');
      }
  });

  it('ends what the old one signed and sealed once it is dropped, and nothing of the new one', async () => {
    const [old, fresh] = [await sign(stages[0]!, 'link', LINK), await sign(stages[2]!, 'link', LINK)];
    expect(await unsign(stages[3]!, 'link', old)).toBeUndefined();
    expect(await openSecret(stages[3]!, await sealSecret(stages[0]!, 'whsec_1'))).toBeUndefined();
    expect(await unsign(stages[3]!, 'link', fresh)).toEqual(LINK);
  });

  it('uses and drops nothing before another one was added', () => {
    expect(() => nextKeys(OLD, 'use', key(2))).toThrow("take the step 'add' first");
    expect(() => nextKeys(OLD, 'drop', key(2))).toThrow("take the step 'add' first");
  });

  it.each(['', 'dGlueQ', `${OLD},`, `${OLD},dGlueQ`])('takes no key that is too short: %j', (text) => {
    expect(() => readSigningKeys(text)).toThrow('at least 32 bytes');
  });
});
