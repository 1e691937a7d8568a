import { describe, expect, it } from 'vitest';
import { blocksOf, inlines } from './markdown.ts';

describe('a playbook’s Markdown', () => {
  it('becomes headings, lists, quotes, code and paragraphs in its order', () => {
    const text =
      '# Refunds\nUp to **20 USD**\nat once.\n\n- ask first\n- then pay\n\n1. one\n2. two\n> careful\n```\na < b\n```';
    expect(blocksOf(text)).toEqual([
      { kind: 'heading', text: [{ kind: 'text', text: 'Refunds' }] },
      {
        kind: 'paragraph',
        text: [
          { kind: 'text', text: 'Up to ' },
          { kind: 'strong', text: '20 USD' },
          { kind: 'text', text: ' at once.' },
        ],
      },
      {
        kind: 'list',
        isOrdered: false,
        items: [[{ kind: 'text', text: 'ask first' }], [{ kind: 'text', text: 'then pay' }]],
      },
      { kind: 'list', isOrdered: true, items: [[{ kind: 'text', text: 'one' }], [{ kind: 'text', text: 'two' }]] },
      { kind: 'quote', text: [{ kind: 'text', text: 'careful' }] },
      { kind: 'code', text: 'a < b' },
    ]);
  });

  it('links to https alone; other addresses stay text', () => {
    expect(inlines('[a](https://example.org/x)')).toEqual([{ kind: 'link', text: 'a', href: 'https://example.org/x' }]);
    expect(inlines('[a](javascript:alert)')).toEqual([{ kind: 'text', text: '[a](javascript:alert)' }]);
  });

  it('ends, whatever it is given', () => {
    expect(blocksOf('```\nno end')).toEqual([{ kind: 'code', text: 'no end' }]);
    expect(blocksOf('#\n-\n>')).toHaveLength(2);
  });
});
