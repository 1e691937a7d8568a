import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { keysOf } from '../../shared/kernel/sign.ts';
import { CannotStart } from './cannot-start.ts';
import { openDataFolder } from './data-folder.ts';
import { openIssuer } from './issuer.ts';
import { openSecrets } from './secrets.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parley-folder-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a data folder', () => {
  it('is made where it is missing, and known again later', async () => {
    const first = await openDataFolder(join(root, 'a', 'b'));
    expect(first.isNew).toBe(true);
    first.release();
    const second = await openDataFolder(join(root, 'a', 'b'));
    expect(second.isNew).toBe(false);
    second.release();
  });

  it('has one owner: a second one is told who has it', async () => {
    const owner = await openDataFolder(root);
    await expect(openDataFolder(root)).rejects.toThrow(CannotStart);
    await expect(openDataFolder(root)).rejects.toThrow(`in use by process ${process.pid}`);
    owner.release();
    (await openDataFolder(root)).release();
  });

  it('is free at once when its owner is killed', async () => {
    const script = `const { openDataFolder } = await import(${JSON.stringify(new URL('./data-folder.ts', import.meta.url).href)});
      await openDataFolder(${JSON.stringify(root)}); console.log('open'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((done) => child.stdout.once('data', done));
    await expect(openDataFolder(root)).rejects.toThrow(`in use by process ${child.pid}`);
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
    (await openDataFolder(root)).release();
  });

  it('is emptied when begun afresh', async () => {
    const first = await openDataFolder(root);
    first.writeJson('something.json', { a: 1 });
    mkdirSync(join(root, 'messages'));
    writeFileSync(join(root, 'messages', 'x'), 'x');
    first.release();
    const second = await openDataFolder(root, { fresh: true });
    expect(second.isNew).toBe(true);
    expect(existsSync(join(root, 'something.json'))).toBe(false);
    expect(existsSync(join(root, 'messages'))).toBe(false);
    second.release();
  });

  it('never touches a folder with other people’s files', async () => {
    writeFileSync(join(root, 'thesis.txt'), 'ten years of work');
    await expect(openDataFolder(root, { fresh: true })).rejects.toThrow('is not a Parley data folder');
    await expect(openDataFolder(root)).rejects.toThrow('it holds thesis.txt');
    expect(readdirSync(root)).toEqual(['thesis.txt']);
  });

  it('replaces files in one step and in place', async () => {
    const folder = await openDataFolder(root);
    const schema = z.object({ n: z.number() });
    expect(folder.readJson('n.json', schema)).toBeUndefined();
    folder.writeJson('n.json', { n: 123_456 }, { fixedBytes: 40 });
    folder.rewriteJson('n.json', { n: 7 }, 40);
    expect(folder.readJson('n.json', schema)).toEqual({ n: 7 });
    expect(statSync(folder.file('n.json')).size).toBe(40);
    expect(() => folder.rewriteJson('n.json', { n: 7, more: 'x'.repeat(60) }, 40)).toThrow('does not fit');
    folder.release();
  });
});

describe('its secrets', () => {
  it('are made once and readable by their owner only', async () => {
    const folder = await openDataFolder(root);
    const first = await openSecrets(folder);
    expect(statSync(folder.file('secrets.json')).mode & 0o777).toBe(0o600);
    expect(await openSecrets(folder)).toEqual(first);
    expect(keysOf(first.signingKey).map((key) => key.length)).toEqual([32]);
    folder.release();
  });

  it('sign tokens that only this folder’s market takes, for an hour', async () => {
    const folder = await openDataFolder(root);
    const { issuer: keys } = await openSecrets(folder);
    const issuer = await openIssuer(keys);
    const { token, user } = await issuer.issue('Ada@Company.example');
    expect(await issuer.verify(token)).toMatchObject({
      ok: true,
      value: { sub: user, email: 'ada@company.example', token_use: 'access', 'cognito:groups': [] },
    });
    expect((await issuer.issue('ada@company.example')).user).toBe(user);

    const [header, , signature] = token.split('.');
    const forged = `${header}.${btoa(JSON.stringify({ sub: 'x', token_use: 'access', client_id: 'x', exp: 9e9 }))}.${signature}`;
    expect(await issuer.verify(forged)).toMatchObject({ ok: false, code: 'unauthenticated' });
    expect(await issuer.verify('nonsense')).toMatchObject({ ok: false, code: 'unauthenticated' });

    const long = await openIssuer(keys, () => Date.now() - 3_700_000);
    expect(await issuer.verify((await long.issue('ada@company.example')).token)).toMatchObject({
      ok: false,
      code: 'token_expired',
    });
    folder.release();
  });
});
