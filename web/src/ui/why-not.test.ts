/** A button that does nothing says why: by `WhyNot`, or a title beside `disabled`; while it works nobody has to be told. */
import { expect, it } from 'vitest';
import { type Node, nodesBelow, parsed, type Source, webSources } from '../../../tests/support/web-source.ts';

const BUTTON = /(?:^button|Button|ActionIcon)$/;
const AT_WORK = /^(?:is(?:Asked|Busy|Pending|Sending|Saving|FetchingNextPage)|isPending)$/;

function silentButtons({ path, program }: Pick<Source, 'path' | 'program'>): string[] {
  return [...nodesBelow(program)].flatMap(([node]) => {
    if (node.type !== 'JSXOpeningElement' || node.name.type !== 'JSXIdentifier' || !BUTTON.test(node.name.name))
      return [];
    const named = (name: string) =>
      node.attributes.find(
        (one) => one.type === 'JSXAttribute' && one.name.type === 'JSXIdentifier' && one.name.name === name,
      );
    const off = named('disabled');
    if (off === undefined || named('title') !== undefined || isAtWork(off)) return [];
    return [`${path}: <${node.name.name}> at ${node.start}`];
  });
}

/** Whether all that a condition names is that something is under way. */
function isAtWork(off: Node): boolean {
  const asked = [...nodesBelow(off)].flatMap(([node, around]) => {
    const parent = around.at(-1);
    const isObject = parent?.type === 'MemberExpression' && parent.object === node;
    return node.type === 'Identifier' && !isObject ? [node.name] : [];
  });
  return asked.length > 0 && asked.every((name) => AT_WORK.test(name));
}

it('no button is switched off without a word', () => {
  expect(webSources().flatMap(silentButtons)).toEqual([]);
});

it.each([
  ['<Button disabled={text === ""} />', 1],
  ['<Button disabled />', 1],
  ['<ActionIcon disabled={isBusy || isLast} />', 1],
  ['<button disabled={send.isPending} />', 0],
  ['<button disabled={isEmpty} title={why} />', 0],
  ['<TextInput disabled={isOld} />', 0],
])('sees in %s so many: %i', (code, count) => {
  expect(silentButtons({ path: 'a.tsx', program: parsed('a.tsx', code) })).toHaveLength(count);
});
