/** The few words of HTML that the pages of the one-machine marketplace share. */
import { createHash } from 'node:crypto';
import type { HttpAnswer } from './http-event.ts';

/** Text that may stand inside an element or a quoted attribute. */
export const text = (value: string | number): string =>
  String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --paper: #ffffff; --tint: #f4f6f8; --line: #d5dae0; --link: #0b57a4; --good: #0f6b3c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ebee; --soft: #a3adb8; --paper: #14171a; --tint: #1c2126; --line: #343b43; --link: #8ab8f0; --good: #72cf9c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main, header, footer { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; }
p { max-width: 44rem; overflow-wrap: anywhere; }
article { margin: 1.2rem 0; padding: .2rem 1.2rem; max-width: 48rem; background: var(--tint); border: 1px solid var(--line); border-radius: 6px; }
h2 { font-size: 1.15rem; margin: .8rem 0 0; }
.acts { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem 1rem; margin: 1.2rem 0; }
button, .acts input { padding: .45rem .9rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; }
button { cursor: pointer; }
button.main { color: var(--paper); background: var(--link); border-color: var(--link); }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.soft { color: var(--soft); }
.facts { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin: 1.2rem 0; padding: 0; list-style: none; }
.facts b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.filter { display: flex; flex-wrap: wrap; align-items: baseline; gap: .3rem .8rem; margin: 1.2rem 0 .6rem; }
.filter input { flex: 1 1 14rem; max-width: 24rem; padding: .45rem .6rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
th, td { padding: .55rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { font-weight: 600; font-size: .9rem; border-bottom: 2px solid var(--line); background: var(--paper); position: sticky; top: 0; }
tbody th { font-weight: 600; min-width: 12rem; }
tbody th small, td small { display: block; font-weight: 400; color: var(--soft); }
.number { text-align: right; white-space: nowrap; }
.saving { color: var(--good); font-weight: 600; }
.empty { padding: 2rem 1.2rem; background: var(--tint); border: 1px solid var(--line); border-radius: 6px; max-width: 44rem; }
code { font: .92em ui-monospace, monospace; background: var(--tint); padding: .1em .3em; border-radius: 3px; }
footer { padding-top: 1.5rem; padding-bottom: 3rem; color: var(--soft); }
[hidden] { display: none !important; }
@media (max-width: 46rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, caption, tbody, tr, th, td { display: block; }
  tr { padding: .8rem 0; border-bottom: 1px solid var(--line); }
  tbody th, td { border: 0; padding: .12rem 0; min-width: 0; }
  td { display: flex; justify-content: space-between; gap: 1rem; }
  td > * { text-align: right; }
  td::before { content: attr(data-label); color: var(--soft); text-align: left; }
  .number { white-space: normal; }
}`;

/**
 * A whole page. `script` runs in the browser; nothing else does, by the page's content security policy. `connects`: it may
 * ask this marketplace's API.
 */
export function page(options: {
  status?: number;
  title: string;
  body: string;
  script?: string;
  connects?: boolean;
}): HttpAnswer {
  const { script } = options;
  const scripts = script === undefined ? "'none'" : `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  return {
    status: options.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; script-src ${scripts}; connect-src ${options.connects === true ? "'self'" : "'none'"}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
    },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(options.title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
${options.body}
${script === undefined ? '' : `<script>${script}</script>`}
</body>
</html>
`,
  };
}
