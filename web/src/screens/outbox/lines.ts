/** A mail's text line by line; a line that is an address can be followed. */
export const linesOf = (text: string): { line: string; href: string | null }[] =>
  text.split('\n').map((line) => ({ line, href: /^https?:\/\/\S+$/.test(line.trim()) ? line.trim() : null }));
