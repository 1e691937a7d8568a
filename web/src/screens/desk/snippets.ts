/** Snippets by words: those that have all of them, in name or text; names that begin with them first. */
type Snippet = { name: string; text: string };

export function matching<S extends Snippet>(snippets: readonly S[], words: string): S[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const begins = (snippet: S) => wanted.length > 0 && snippet.name.toLowerCase().startsWith(wanted[0]!);
  return snippets
    .filter(({ name, text }) => {
      const all = `${name} ${text}`.toLowerCase();
      return wanted.every((word) => all.includes(word));
    })
    .sort((a, b) => Number(begins(b)) - Number(begins(a)));
}

/** What is written with a snippet behind it: on a line of its own where there is something already. */
export const withSnippet = (written: string, snippet: string): string =>
  written.trim() === '' ? snippet : `${written.trimEnd()}\n\n${snippet}`;
