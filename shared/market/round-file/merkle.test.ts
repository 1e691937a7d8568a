/** The tree is RFC 6962's, and a proof leads from its own seal to the root and from nothing else. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isIncluded, merkleRoot, proveInclusion } from './merkle.ts';

const sha = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const sealsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => sha(Buffer.from(`${i}`)).toString('hex'));
const leaf = (seal: string): Buffer => sha(Buffer.of(0), Buffer.from(seal, 'hex'));
const node = (left: Buffer, right: Buffer): Buffer => sha(Buffer.of(1), left, right);

describe('the root', () => {
  it('of nothing is SHA-256 of nothing, of one seal its leaf', async () => {
    expect(await merkleRoot([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    const [seal] = sealsOf(1);
    expect(await merkleRoot([seal!])).toBe(leaf(seal!).toString('hex'));
  });

  it('is none where a seal is more or less than 64 hex digits', async () => {
    const [seal] = sealsOf(1);
    for (const other of [`${seal}0`, `0${seal}`, seal!.slice(1), seal!.toUpperCase()])
      await expect(merkleRoot([other])).rejects.toThrow(`not a SHA-256 in hex: ${other}`);
  });

  it('of five seals splits them four and one, in the order of their text', async () => {
    const [a, b, c, d, e] = sealsOf(5).sort().map(leaf);
    const root = node(node(node(a!, b!), node(c!, d!)), e!).toString('hex');
    expect(await merkleRoot(sealsOf(5))).toBe(root);
    expect(await merkleRoot(sealsOf(5).reverse())).toBe(root);
  });
});

describe('a proof', () => {
  it('leads from every seal to the root, in trees of 1 to 33 seals', async () => {
    for (let count = 1; count <= 33; count++) {
      const seals = sealsOf(count);
      const root = await merkleRoot(seals);
      for (const seal of seals) {
        const proof = (await proveInclusion(seals, seal))!;
        expect(await isIncluded(root, count, seal, proof), `${count} seals`).toBe(true);
      }
    }
  });

  it('leads nowhere from another seal, place, size or path', async () => {
    const seals = sealsOf(11);
    const root = await merkleRoot(seals);
    const seal = [...seals].sort()[4]!;
    const proof = (await proveInclusion(seals, seal))!;
    const [first, ...rest] = proof.path;
    expect(await isIncluded(root, 11, sealsOf(12)[11]!, proof)).toBe(false);
    for (let index = -1; index < 12; index++)
      expect(await isIncluded(root, 11, seal, { ...proof, index }), `place ${index}`).toBe(index === 4);
    expect(await isIncluded(root, 4, seal, proof)).toBe(false);
    const four = seals.slice(0, 4);
    const short = (await proveInclusion(four, four[0]!))!;
    expect(await isIncluded(await merkleRoot(four), 4, four[0]!, short)).toBe(true);
    expect(await isIncluded(await merkleRoot(four), 8, four[0]!, short)).toBe(false);
    expect(await isIncluded(root, 11, seal, { ...proof, path: rest })).toBe(false);
    expect(await isIncluded(root, 11, seal, { ...proof, path: [first!, ...proof.path] })).toBe(false);
    expect(await isIncluded(root, 11, seal, { ...proof, path: ['nonsense', ...rest] })).toBe(false);
    expect(await proveInclusion(seals, sealsOf(12)[11]!)).toBeUndefined();
  });

  it('takes no node for a leaf', async () => {
    const seals = sealsOf(2).sort();
    const inner = Buffer.concat(seals.map(leaf)).toString('hex');
    const root = await merkleRoot(seals);
    expect(await isIncluded(root, 1, inner, { index: 0, path: [] })).toBe(false);
    expect(await isIncluded(root, 1, root, { index: 0, path: [] })).toBe(false);
  });
});
