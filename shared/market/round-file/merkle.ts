/**
 * The Merkle tree over the seals of a round, as RFC 6962 (section 2.1) builds it: leaves and nodes are hashed under
 * different first bytes, so that neither passes for the other. A leaf is the 32 bytes of a seal; leaves are in the order
 * of the seals' hexadecimal text, so that the tree follows from the set and tells nothing about who came when.
 */
import { hexOf, sha256Bytes } from '../../kernel/hash.ts';

/** Where a seal stands in the tree, and the hashes beside its way up to the root. All hashes in lower-case hex. */
export type InclusionProof = { readonly index: number; readonly path: readonly string[] };

type Hash = Uint8Array<ArrayBuffer>;

/** The root over seals (64 hex digits each, no two alike); without any, SHA-256 of nothing. */
export async function merkleRoot(seals: readonly string[]): Promise<string> {
  return hexOf(await rootOf(await leavesOf(sorted(seals))));
}

/** Proves that a seal is in the tree of `seals`; undefined where it is not. */
export async function proveInclusion(seals: readonly string[], seal: string): Promise<InclusionProof | undefined> {
  const order = sorted(seals);
  const index = order.indexOf(seal);
  if (index === -1) return undefined;
  const path = await pathTo(index, await leavesOf(order));
  return { index, path: path.map(hexOf) };
}

/** Whether a proof leads from a seal to the root of a tree of `count` seals (RFC 9162, section 2.1.3.2). */
export async function isIncluded(root: string, count: number, seal: string, proof: InclusionProof): Promise<boolean> {
  const { index, path } = proof;
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) return false;
  if (![seal, ...path].every((hash) => /^[0-9a-f]{64}$/.test(hash))) return false;
  let [first, last] = [index, count - 1];
  let hash = await leafHash(seal);
  for (const step of path) {
    if (last === 0) return false;
    const beside = bytesOf(step);
    if (first % 2 === 1 || first === last) {
      hash = await nodeHash(beside, hash);
      while (first % 2 === 0 && first !== 0) [first, last] = [first / 2, Math.floor(last / 2)];
    } else hash = await nodeHash(hash, beside);
    [first, last] = [Math.floor(first / 2), Math.floor(last / 2)];
  }
  return last === 0 && hexOf(hash) === root;
}

const sorted = (seals: readonly string[]): string[] => [...seals].sort();

const leavesOf = (seals: readonly string[]): Promise<Hash[]> => Promise.all(seals.map(leafHash));

const leafHash = (seal: string): Promise<Hash> => sha256Bytes(join(Uint8Array.of(0), bytesOf(seal)));
const nodeHash = (left: Hash, right: Hash): Promise<Hash> => sha256Bytes(join(Uint8Array.of(1), left, right));

async function rootOf(leaves: readonly Hash[]): Promise<Hash> {
  if (leaves.length === 0) return sha256Bytes(new Uint8Array());
  if (leaves.length === 1) return leaves[0]!;
  const split = splitOf(leaves.length);
  const [left, right] = await Promise.all([rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split))]);
  return nodeHash(left, right);
}

async function pathTo(index: number, leaves: readonly Hash[]): Promise<Hash[]> {
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...(await pathTo(index, left)), await rootOf(right)]
    : [...(await pathTo(index - split, right)), await rootOf(left)];
}

/** The largest power of two below `count` (two or more): how many leaves go to the left. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function join(...parts: readonly Uint8Array[]): Hash {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Throws on text that is not 64 hex digits: seals are checked before they come here. */
function bytesOf(hex: string): Hash {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new RangeError(`not a SHA-256 in hex: ${hex}`);
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
