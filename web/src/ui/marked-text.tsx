/** Markdown as people read it. Its headings begin below those of the page. */
import { Anchor, Code, List, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { type Block, blocksOf, type Inline } from './markdown.ts';

export function MarkedText({ children }: { children: string }) {
  const blocks = useMemo(() => blocksOf(children), [children]);
  return (
    <Stack gap="xs">
      {blocks.map((block, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a text have no other name
        <BlockOf key={n} block={block} />
      ))}
    </Stack>
  );
}

function BlockOf({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return (
        <Text fw={650} size={block.level === 1 ? 'lg' : 'md'}>
          <Inlines of={block.inline} />
        </Text>
      );
    case 'paragraph':
      return (
        <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          <Inlines of={block.inline} />
        </Text>
      );
    case 'code':
      return <Code block>{block.text}</Code>;
    case 'list':
      return (
        <List type={block.isOrdered ? 'ordered' : 'unordered'} withPadding={false}>
          {block.items.map((item, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <List.Item key={n}>
              <Inlines of={item} />
            </List.Item>
          ))}
        </List>
      );
  }
}

function Inlines({ of }: { of: readonly Inline[] }) {
  return of.map((one, n) => {
    const key = `${n} ${one.kind}`;
    if (one.kind === 'strong') return <strong key={key}>{one.text}</strong>;
    if (one.kind === 'emphasis') return <em key={key}>{one.text}</em>;
    if (one.kind === 'code') return <Code key={key}>{one.text}</Code>;
    if (one.kind === 'link')
      return (
        <Anchor key={key} href={one.href} target="_blank" rel="noreferrer" inherit underline="always">
          {one.text}
        </Anchor>
      );
    return one.text;
  });
}
