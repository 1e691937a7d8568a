/** All texts stand in catalogues (`messages.en.ts`): whoever words or translates the app looks nowhere else. */
import { expect, it } from 'vitest';
import { type Node, nodesBelow, parsed, type Source, textOf, webSources } from '../../../tests/support/web-source.ts';

const CATALOGUE = /[./]messages\.\w+\.ts$|^web\/src\/messages\//;
/** Two words, or one that begins as a sentence does. */
const WORDS = /\p{L}{2,} \p{L}+|^\p{Lu}\p{Ll}+$/u;
/** Attributes that are for machines. */
const NOT_SHOWN = /^(?:className|href|d|viewBox|autoComplete|allow|rel|style|id|key|sizes|transform)$/;

/** What looks like a text and is none, by the beginning of its finding. */
const NO_TEXTS: Readonly<Record<string, string>> = {
  'web/src/screens/welcome/tickets/': 'names of columns and kinds as files of tickets have them',
  "web/src/screens/welcome/sample.ts: '": 'a made-up file of tickets',
  "web/src/screens/welcome/columns.tsx: 'Web'": 'the usual channel, as queues call it',
  "web/src/screens/opportunity/page.tsx: '": 'channels, as queues call them',
  "web/src/screens/opportunity/staffing.ts: 'Your share'": 'a name that is sent, and shown nowhere',
  "web/src/screens/round/page.tsx: '": 'what one types into a shell',
  "web/src/screens/round/checks.tsx: 'not possible'": 'an outcome, as the checks name it',
  "web/src/screens/round/verdict.tsx: 'not possible'": 'an outcome, as the checks name it',
  "web/src/screens/sandbox/keys.tsx: 'curl": 'what one types into a shell',
  "web/src/customer/my-data.tsx: 'erase everything'": 'what the API asks for',
  'web/src/theme/theme.ts': 'names of fonts',
  "web/src/screens/profile-parts/countries.ts: 'AD AE": 'codes of countries',
};

type Finding = { path: string; text: string };

/** Texts for people in a module's code. */
function textsIn({ path, program }: Pick<Source, 'path' | 'program'>): Finding[] {
  const found: Finding[] = [];
  for (const [node, around] of nodesBelow(program)) {
    if (node.type === 'JSXText') {
      if (/\p{L}{2,}/u.test(node.value)) found.push({ path, text: node.value.trim() });
      continue;
    }
    const text = textOf(node);
    if (text !== null && WORDS.test(text) && !isForMachines(around)) found.push({ path, text });
  }
  return found;
}

function isForMachines(around: readonly Node[]): boolean {
  const parent = around.at(-1);
  if (parent?.type === 'ImportDeclaration' || parent?.type === 'TSLiteralType') return true;
  if (parent?.type === 'BinaryExpression' && /^[=!]==$/.test(parent.operator)) return true;
  if (parent?.type === 'CallExpression' && isForCode(parent.callee)) return true;
  return around.some(
    (node) =>
      (node.type === 'NewExpression' && node.callee.type === 'Identifier' && node.callee.name === 'Error') ||
      (node.type === 'Property' && node.key.type === 'Identifier' && /^(?:queryKey|key|keep)$/.test(node.key.name)) ||
      (node.type === 'JSXAttribute' && node.name.type === 'JSXIdentifier' && NOT_SHOWN.test(node.name.name)),
  );
}

/** Parts of texts, places in a page, and what is typed is kept by. */
const isForCode = (callee: Node): boolean => {
  const name = callee.type === 'MemberExpression' ? callee.property : callee;
  return (
    name.type === 'Identifier' && /^(?:endsWith|startsWith|includes|querySelector(?:All)?|useDraft)$/.test(name.name)
  );
};

it('no text for people stands outside a catalogue', () => {
  const found = webSources()
    .filter(({ path }) => !CATALOGUE.test(path))
    .flatMap(textsIn);
  const told = found.map(({ path, text }) => `${path}: '${text}'`);
  const isNone = (one: string) => Object.keys(NO_TEXTS).find((start) => one.startsWith(start));
  expect(told.filter((one) => isNone(one) === undefined)).toEqual([]);
  expect(Object.keys(NO_TEXTS).filter((start) => !told.some((one) => one.startsWith(start)))).toEqual([]);
});

it.each([
  ['<p>Save</p>', 'Save'],
  ['<p>{"save it"}</p>', 'save it'],
  ['<input placeholder="Search" />', 'Search'],
  ['<input aria-label={on ? "Hide all" : t("x")} />', 'Hide all'],
  ['<p>{"a" + " requests left"}</p>', ' requests left'],
  ['const column = { header: "Amount" };', 'Amount'],
])('would report %s', (code, text) => {
  expect(textsIn({ path: 'a.tsx', program: parsed('a.tsx', code) })).toEqual([{ path: 'a.tsx', text }]);
});

it.each([
  '<p className="a b">{t("save")}</p>',
  'import { A } from "A b";',
  'if (a) throw new Error("no such thing");',
  '<i>–</i>',
])('would leave %s alone', (code) => {
  expect(textsIn({ path: 'a.tsx', program: parsed('a.tsx', code) })).toEqual([]);
});
