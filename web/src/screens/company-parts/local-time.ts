/** What a field of the type `datetime-local` shows and gives: the person's own time. */

/** An instant in milliseconds, to the minute. */
export function inField(ms: number): string {
  const date = new Date(ms);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The instant as the API takes it; what is no time yet stays as it is, and is refused. */
export function fromField(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : new Date(ms).toISOString();
}
