/**
 * The readable API: a page that shows `/v1/openapi.json`. Its script and styles are files of the package
 * `swagger-ui-dist`, which the host serves under `/docs/assets/`.
 */

import { sha256Bytes } from '../kernel/hash.ts';

/** The files of `swagger-ui-dist` that the page loads from `/docs/assets/`, with their types. */
export const DOCS_ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Parley API</title>
<link rel="icon" type="image/png" href="/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<style>
body { margin: 0; background: #fff; }
.bar { padding: 0.75rem 1.25rem; font: 0.9rem system-ui, sans-serif; }
.bar a { color: inherit; }
@media (prefers-color-scheme: dark) { body { background: #1c2022; color: #e4e6e6; } }
</style>
<script>
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
</script>
</head>
<body>
<nav class="bar"><a href="/">Parley</a> · <a href="/v1/openapi.json">OpenAPI description</a></nav>
<main id="description"><noscript>This page needs JavaScript; the description itself is at /v1/openapi.json.</noscript></main>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script>
SwaggerUIBundle({
  url: '/v1/openapi.json',
  dom_id: '#description',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  filter: true,
  tryItOutEnabled: true,
});
</script>
</body>
</html>
`;

/** The HTML of `/docs`. It follows the reader's choice of light or dark. */
export function docsPage(): string {
  return PAGE;
}

/** The content security policy of `/docs`: its own scripts by their hashes, and nothing from elsewhere. */
export async function docsPolicy(): Promise<string> {
  const scripts = [...PAGE.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) => hashOf(text));
  return [
    "default-src 'none'",
    `script-src 'self' ${(await Promise.all(scripts)).join(' ')}`,
    // The viewer's elements carry styles of their own.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function hashOf(text: string): Promise<string> {
  const bytes = await sha256Bytes(new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...bytes))}'`;
}
