/** A line of a mail with the addresses in it, which can be followed. */
export type Part = { text: string; href: string | null };

const ADDRESS = /(https?:\/\/[^\s<>]*[^\s<>.,;:!?)])/;

export const partsOf = (line: string): Part[] =>
  line
    .split(ADDRESS)
    .map((text, place) => ({ text, href: place % 2 === 1 ? text : null }))
    .filter(({ text }) => text !== '');
