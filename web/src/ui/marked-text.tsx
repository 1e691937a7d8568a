/** A text written in Markdown, as elements; see `markdown.ts` for what of it is known. */
import { Anchor, Blockquote, Code, List, Stack, Text } from '@mantine/core';
import { type Block, blocksOf, type Inline } from './markdown.ts';

export function MarkedText({ markdown }: { markdown: string }) {
  return (
    <Stack gap="xs">
      {blocksOf(markdown).map((block, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a text keep their places
        <Part key={n} block={block} />
      ))}
    </Stack>
  );
}

function Part({ block }: { block: Block }) {
  if (block.kind === 'code') return <Code block>{block.text}</Code>;
  if (block.kind === 'list')
    return (
      <List type={block.isOrdered ? 'ordered' : 'unordered'} size="sm" withPadding>
        {block.items.map((item, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the items of a text keep their places
          <List.Item key={n}>
            <Line parts={item} />
          </List.Item>
        ))}
      </List>
    );
  const line = <Line parts={block.text} />;
  if (block.kind === 'quote')
    return (
      <Blockquote p="xs" fz="sm">
        {line}
      </Blockquote>
    );
  return (
    <Text size="sm" fw={block.kind === 'heading' ? 650 : 400}>
      {line}
    </Text>
  );
}

const Line = ({ parts }: { parts: readonly Inline[] }) =>
  parts.map((part, n) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text keep their places
    <Piece key={n} part={part} />
  ));

function Piece({ part }: { part: Inline }) {
  if (part.kind === 'strong') return <strong>{part.text}</strong>;
  if (part.kind === 'emphasis') return <em>{part.text}</em>;
  if (part.kind === 'code') return <Code>{part.text}</Code>;
  if (part.kind === 'link')
    return (
      <Anchor href={part.href} target="_blank" rel="noreferrer" underline="always">
        {part.text}
      </Anchor>
    );
  return <>{part.text}</>;
}
