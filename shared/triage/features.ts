/**
 * What the classifier sees of a text: its words, pairs of words, and runs of three to five letters inside words, each as
 * a 32-bit hash with how often it stands there. No word is kept.
 */

/** Distinct features in rising order of their hash, with their counts; words and letters are weighed apart. */
export type Features = { words: Counted; letters: Counted };
export type Counted = { ids: Uint32Array; counts: Uint16Array };

/** What comes after this many words changes nothing: a text says early what it is about, and time stays bounded. */
const MOST_WORDS = 400;
/** A longer word is cut. */
const LONGEST_WORD = 40;
const SHORTEST_RUN = 3;
const LONGEST_RUN = 5;
const WORD = /[\p{L}\p{M}]+|\p{N}+/gu;
const SPACE = 32;
const WORD_SEED = 0x811c9dc5;
const LETTER_SEED = 0x2b5ad1e3;

/** The words of a text as the classifier reads them: letters in one case and form, punctuation and spaces gone. */
export function wordsOf(text: string): string[] {
  const words = text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
  return words.slice(0, MOST_WORDS).map((word) => word.slice(0, LONGEST_WORD));
}

/** The features of a text; texts that differ in case, spaces or punctuation only have the same. */
export function featuresOf(text: string): Features {
  const words = wordsOf(text);
  const ofWords: number[] = [];
  const ofLetters: number[] = [];
  words.forEach((word, i) => {
    const one = hashOn(WORD_SEED, word);
    ofWords.push(mixed(one));
    const next = words[i + 1];
    if (next !== undefined) ofWords.push(mixed(hashOn(step(one, SPACE), next)));
    addRuns(word, ofLetters);
  });
  return { words: counted(ofWords), letters: counted(ofLetters) };
}

/** Runs of letters of a word with a space at either end, so that beginnings and endings are runs of their own. */
function addRuns(word: string, into: number[]): void {
  const padded = ` ${word} `;
  for (let from = 0; from < padded.length; from++) {
    let hash = LETTER_SEED;
    for (let length = 1; length <= LONGEST_RUN && from + length <= padded.length; length++) {
      hash = step(hash, padded.charCodeAt(from + length - 1));
      if (length >= SHORTEST_RUN) into.push(mixed(hash));
    }
  }
}

/** FNV-1a, one character at a time, so that a longer run goes on from a shorter one. */
const step = (hash: number, character: number): number => Math.imul(hash ^ character, 0x01000193);

function hashOn(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = step(hash, text.charCodeAt(i));
  return hash;
}

/** Spreads the hash over all 32 bits. */
function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (half ^ (half >>> 13)) >>> 0;
}

function counted(hashes: readonly number[]): Counted {
  const sorted = Uint32Array.from(hashes).sort();
  const ids = new Uint32Array(sorted.length);
  const counts = new Uint16Array(sorted.length);
  let distinct = 0;
  for (const id of sorted) {
    if (distinct === 0 || ids[distinct - 1] !== id) ids[distinct++] = id;
    counts[distinct - 1] = Math.min(counts[distinct - 1]! + 1, 0xffff);
  }
  return { ids: ids.slice(0, distinct), counts: counts.slice(0, distinct) };
}
