/** The verifier runs where a browser runs: bundled without a module of Node, in a context that has WebCrypto and no more. */
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { sealedRound } from '../../../tests/support/sealed-round.ts';

it('checks a file in a bare context, from one bundle for browsers', async () => {
  const source = `
    import { RoundFile } from './round-file.ts';
    import { verifyRound } from './verify.ts';
    globalThis.verify = async (text) => JSON.stringify(await verifyRound(RoundFile.parse(JSON.parse(text))));`;
  const made = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    minify: true,
    platform: 'browser',
    format: 'iife',
    metafile: true,
  });
  const [output] = made.outputFiles;
  expect(Object.keys(made.metafile.inputs).filter((path) => path.includes('node:'))).toEqual([]);
  // What a browser gives every script, and nothing of Node.
  const context = createContext({ crypto, TextEncoder, TextDecoder, atob, btoa });
  runInContext(output!.text, context);
  const text = JSON.stringify(await sealedRound());
  const checks = JSON.parse(await (context as { verify: (text: string) => Promise<string> }).verify(text)) as {
    outcome: string;
  }[];
  expect(checks).toHaveLength(16);
  expect(checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  const changed = text.replace('"epsilonMicros":', '"epsilonMicros":1');
  const refused = JSON.parse(await (context as { verify: (text: string) => Promise<string> }).verify(changed)) as {
    name: string;
    outcome: string;
  }[];
  expect(refused.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toEqual(['epsilon']);
});
