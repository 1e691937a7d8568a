/** Builds the web app where its sources changed since the last time; tests that need no pages never pay for it. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotStart } from './cannot-start.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUILT = join(ROOT, '.parley', 'web');
/** Beside the built files: the hash of what they were built from. */
const STAMP = 'built-from';
/** What the build reads: the app, what it shares with the functions, which packages there are, and how it is built. */
const SOURCES = ['web', 'shared', 'package-lock.json', 'infra/local/web-build.ts', 'infra/local/draw-pages.ts'];
const SOURCE = /\.(?:js|ts|tsx|css|html|svg|json)$/;

/**
 * The folder with the built app. `say` is told before a build begins. Throws `CannotStart` where it cannot be built, with
 * what the builder said.
 */
export async function builtWeb(say: (text: string) => void): Promise<string> {
  const wanted = hashOfSources();
  const stamp = join(BUILT, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return BUILT;
  say('Building the web app …');
  // In a folder of its own first, so that nobody is ever served half a build.
  const building = `${BUILT}.${process.pid}`;
  await build(building);
  writeFileSync(join(building, STAMP), wanted);
  rmSync(BUILT, { recursive: true, force: true });
  try {
    renameSync(building, BUILT);
  } catch (error) {
    // Two starts at once: the other one was a moment faster, with the same sources.
    rmSync(building, { recursive: true, force: true });
    if (!existsSync(stamp)) throw error;
  }
  return BUILT;
}

async function build(outDir: string): Promise<void> {
  const drawing = `${outDir}.drawing`;
  try {
    await vite(['--outDir', outDir]);
    await vite(['--outDir', drawing, '--ssr', join(ROOT, 'web', 'src', 'drawn.tsx')]);
    await run([join(ROOT, 'infra', 'local', 'draw-pages.ts'), outDir, drawing]);
  } catch (error) {
    rmSync(outDir, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(drawing, { recursive: true, force: true });
  }
}

const VITE = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
const vite = (words: readonly string[]): Promise<void> =>
  run([VITE, 'build', '--config', join(ROOT, 'web', 'vite.config.ts'), '--logLevel', 'warn', ...words]);

/** A process of its own gives its memory back. */
async function run(words: readonly string[]): Promise<void> {
  // What people get, whatever runs this: a test's NODE_ENV would make it the slow one for work on it, which a start and a
  // deployment would then take for the app.
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn(process.execPath, words, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      said += data.toString();
    });
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  if (code !== 0) throw new CannotStart(`The web app could not be built.\n${said}`);
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap(filesOf)) hash.update(`${path}\n`).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

/** A file itself, or the sources below a folder, in a fixed order. */
function filesOf(path: string): string[] {
  if (path.includes('.')) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => SOURCE.test(name) && !/\.test\.tsx?$/.test(name) && !name.includes('node_modules'))
    .sort()
    .map((name) => join(path, name));
}
