/** Files of the market that come in pages, such as exports: put together here and handed to the person. */
import { ParleyProblem } from '../../../shared/client/client.ts';
import type { Problem } from '../../../shared/kernel/problem.ts';
import { accessToken, currentSession } from '../auth/session.ts';

/** More pages than any file has; whoever meets it gets what there is so far and an error. */
const MOST_PAGES = 10_000;

/** All pages of a file as parts of a blob; `onPage` is told how many there are so far. Throws a `ParleyProblem` on a refusal. */
export async function fetchFile(
  path: string,
  query: Readonly<Record<string, string>>,
  onPage: (pages: number) => void = () => undefined,
): Promise<Blob> {
  const parts: Blob[] = [];
  let cursor: string | null = null;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await answerOf(path, { ...query, ...(cursor === null ? {} : { cursor }) });
    parts.push(await answer.blob());
    onPage(page);
    cursor = answer.headers.get('parley-next');
    if (cursor === null) return new Blob(parts, { type: parts[0]?.type ?? 'text/plain' });
  }
  throw new Error(`${path} has more than ${MOST_PAGES} pages`);
}

/** One page of a file as text, and the cursor of the next one. Throws a `ParleyProblem` on a refusal. */
export async function fetchPage(
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<{ text: string; next: string | null }> {
  const answer = await answerOf(path, query);
  return { text: await answer.text(), next: answer.headers.get('parley-next') };
}

async function answerOf(path: string, query: Readonly<Record<string, string>>): Promise<Response> {
  const answer = await fetch(addressOf(path, query), { headers: await headers() });
  if (!answer.ok) throw new ParleyProblem((await answer.json()) as Problem);
  return answer;
}

const addressOf = (path: string, query: Readonly<Record<string, string>>): string => {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
};

async function headers(): Promise<Record<string, string>> {
  const session = currentSession();
  const organisation = session.status === 'in' ? session.organisation : null;
  return {
    authorization: `Bearer ${await accessToken()}`,
    ...(organisation === null ? {} : { 'parley-organisation': organisation }),
  };
}

/** The browser saves it under `name`. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Sends bytes as they are, such as a part of a file. Sent again it must be the same to the market. Throws a `ParleyProblem` on a refusal. */
export async function putBytes(path: string, bytes: Blob): Promise<void> {
  const answer = await fetch(path, {
    method: 'PUT',
    headers: { ...(await headers()), 'content-type': 'application/octet-stream' },
    body: bytes,
  });
  if (!answer.ok) throw new ParleyProblem((await answer.json()) as Problem);
}

/** Posts a text of a type of its own, such as a message of another system, and gives the answer. Throws a `ParleyProblem` on a refusal. */
export async function postText<T>(path: string, text: string, type: string): Promise<T> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { ...(await headers()), 'content-type': type },
    body: text,
  });
  if (!answer.ok) throw new ParleyProblem((await answer.json()) as Problem);
  return (await answer.json()) as T;
}
