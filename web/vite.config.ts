/** Builds the two entries: the app, and the customer's page, which shares no code with it but what both import. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const MARKET = process.env.PARLEY_URL ?? 'http://127.0.0.1:4000';
const toMarket = { target: MARKET, changeOrigin: true, headers: { origin: MARKET } };

export default defineConfig({
  root: here('.'),
  // The server puts a fresh nonce in its place with each page.
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: here('../.parley/web'),
    emptyOutDir: true,
    target: 'es2023',
    // All of these know `light-dark()`.
    cssTarget: ['chrome125', 'firefox125', 'safari17.5'],
    // A data: address for a script or a font would need a weaker policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Measured against our own limits, see `npm run measure:web`.
    chunkSizeWarningLimit: 2_000,
    manifest: true,
    rolldownOptions: {
      // Packages say 'use client' for servers that render; here everything is a client.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
      input: [here('index.html'), here('customer.html')].filter((page) => existsSync(page)),
    },
  },
  // A worker is a module too: it shares its parts with the page, and needs no weaker policy.
  worker: { format: 'es' },
  server: {
    port: 4100,
    proxy: Object.fromEntries(
      ['/v1', '/dev', '/auth', '/docs', '/files', '/config.json', '/healthz'].map((path) => [path, toMarket]),
    ),
  },
});
