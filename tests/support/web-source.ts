/** What the web app's sources say: which screens there are and for whom, what they import, what they ask of the API. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ESTree, parseSync } from 'vite';
import type { Role } from '../../shared/identity/identity.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = 'web/src';
/** An area's list leads to all of its pages, and the lists together to every page: neither is a part of a page. */
const LISTS = /^web\/src\/(?:app\/screens|screens\/[^/]+)\.ts$/;
const METHODS = ['get', 'post', 'put', 'delete'];

export type Node = ESTree.Node;
export type Source = { path: string; text: string; program: ESTree.Program };
/** A path of the API in a module. `any`: it stands by itself, and is called elsewhere. */
export type ApiCall = { method: string; path: string };
export type Module = {
  path: string;
  imports: readonly string[];
  calls: readonly ApiCall[];
  words: ReadonlySet<string>;
};
export type PageOf = { path: string; who: 'everybody' | 'person' | readonly Role[]; module: string };

/** The modules of the app, without its tests. */
export function webSources(): Source[] {
  return readdirSync(posix.join(ROOT, SOURCES), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
    .toSorted()
    .map((name) => {
      const path = posix.join(SOURCES, name);
      const text = readFileSync(posix.join(ROOT, path), 'utf8');
      return { path, text, program: parsed(path, text) };
    });
}

export function parsed(path: string, text: string): ESTree.Program {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  return program;
}

/** Every node below one, each with those around it, the nearest last. */
export function* nodesBelow(node: Node, around: readonly Node[] = []): Generator<[Node, readonly Node[]]> {
  yield [node, around];
  const inside = [...around, node];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesBelow(child, inside);
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** A text in the sources, with a `*` where something is filled in; null for anything else. */
export function textOf(node: Node): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  return node.type === 'TemplateLiteral' ? node.quasis.map(({ value }) => value.cooked ?? '').join('*') : null;
}

export function moduleOf({ path, program }: Source): Module {
  const imports: string[] = [];
  const calls: ApiCall[] = [];
  const words = new Set<string>();
  for (const [node, around] of nodesBelow(program)) {
    if (node.type === 'Identifier' || node.type === 'JSXIdentifier') words.add(node.name);
    const text = textOf(node);
    if (text === null) continue;
    words.add(text);
    if (/^\.\.?\/.*\.tsx?$/.test(text) && !isOfTypes(around)) imports.push(posix.join(posix.dirname(path), text));
    if (text.startsWith('/v1/')) calls.push({ method: methodOf(around), path: text });
  }
  return { path, imports, calls, words };
}

const isOfTypes = (around: readonly Node[]): boolean => {
  const parent = around.at(-1);
  return parent?.type === 'ImportDeclaration' && parent.importKind === 'type';
};

/** How a path is called, by the call around it: `useAct('put', …)`, `client.POST(…)`, `putBytes(…)`; else it is read. */
function methodOf(around: readonly Node[]): string {
  const call = around.findLast((node) => node.type === 'CallExpression' || node.type === 'JSXAttribute');
  if (call?.type === 'JSXAttribute') return 'get';
  if (call?.type !== 'CallExpression') return 'any';
  const [first] = call.arguments;
  const said = first === undefined ? [] : [...nodesBelow(first)].map(([node]) => textOf(node) ?? '');
  const named = said.find((text) => METHODS.includes(text));
  if (named !== undefined) return named;
  const { callee } = call;
  const name = callee.type === 'MemberExpression' ? callee.property : callee;
  const called = name.type === 'Identifier' ? name.name.toLowerCase() : '';
  return METHODS.find((method) => called.startsWith(method)) ?? 'get';
}

/** The pages of the app's areas, from their lists. */
export function pagesOf(sources: readonly Source[]): PageOf[] {
  return sources
    .filter(({ path }) => /^web\/src\/screens\/[^/]+\.ts$/.test(path))
    .flatMap(({ path, program }) => {
      const known = new Map<string, Node>();
      const pages: PageOf[] = [];
      for (const [node] of nodesBelow(program)) {
        if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init)
          known.set(node.id.name, node.init);
        if (node.type !== 'ObjectExpression') continue;
        const fields = fieldsOf(node);
        const [address, who, load] = [fields.get('path'), fields.get('who'), fields.get('load')];
        if (address === undefined || who === undefined || load === undefined) continue;
        const file = [...nodesBelow(load)].map(([part]) => textOf(part)).find((text) => text !== null) ?? '';
        const roles = rolesOf(who, known);
        pages.push({
          path: textOf(address) ?? '',
          who: roles[0] === 'everybody' || roles[0] === 'person' ? roles[0] : (roles as Role[]),
          module: posix.join(posix.dirname(path), file),
        });
      }
      return pages;
    });
}

const fieldsOf = (node: ESTree.ObjectExpression): Map<string, Node> =>
  new Map(
    node.properties.flatMap((property): [string, Node][] =>
      property.type === 'Property' && property.key.type === 'Identifier' ? [[property.key.name, property.value]] : [],
    ),
  );

/** The texts of a list, with what it takes over from others. */
function rolesOf(node: Node, known: ReadonlyMap<string, Node>): string[] {
  if (node.type === 'Identifier') {
    const meant = known.get(node.name);
    if (meant === undefined) throw new Error(`${node.name} is no list of roles of its file`);
    return rolesOf(meant, known);
  }
  if (node.type === 'TSAsExpression') return rolesOf(node.expression, known);
  if (node.type === 'SpreadElement') return rolesOf(node.argument, known);
  if (node.type === 'ArrayExpression') return node.elements.flatMap((one) => (one === null ? [] : rolesOf(one, known)));
  const text = textOf(node);
  if (text === null) throw new Error(`a ${node.type} is no list of roles`);
  return [text];
}

/** What a module needs, itself included, without the pages that others open. */
export function reachedFrom(start: string, modules: ReadonlyMap<string, Module>): Module[] {
  const reached = new Map<string, Module>();
  const waiting = [start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const found = modules.get(path);
    if (found === undefined || reached.has(path) || LISTS.test(path)) continue;
    reached.set(path, found);
    waiting.push(...found.imports);
  }
  return [...reached.values()];
}
