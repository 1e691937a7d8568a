/** For `node --import`: records in a process that is no test, such as a marketplace that a test starts. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { tagged } from './tagged.ts';

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith('file:') || !url.includes('/functions/')) return loaded;
    const path = fileURLToPath(url);
    const source = tagged(path, readFileSync(path, 'utf8'));
    return source === undefined ? loaded : { ...loaded, source };
  },
});
