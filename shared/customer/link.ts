/** The customer's way in: a signed link to one request, without a login. */
import * as z from 'zod';
import { type SigningKeys, sign, unsign } from '../kernel/sign.ts';
import { type Head, RequestId } from '../request/request.ts';
import { windowsOf } from '../terms/terms.ts';

/** The purpose under which customers' links are signed: no other signed text is ever taken for one. */
export const LINK_PURPOSE = 'link';

/** What a link says: its request, and its end in milliseconds of business time. */
const Link = z.object({ request: RequestId, exp: z.number() });
export type Link = z.infer<typeof Link>;

/** When a link made now ends: the window begins with a resolution that may lie ahead, so it outlives the deadline by it. */
export const linkExpiry = (head: Pick<Head, 'deadline' | 'windowClass'>, now: number): number =>
  Math.max(head.deadline, now) + windowsOf(head.windowClass).reopenMs;

export const signLink = (keys: SigningKeys, link: Link): Promise<string> => sign(keys, LINK_PURPOSE, link);

/** The link in a token that the market signed, whether it has ended or not; undefined for any other text. */
export async function readLink(keys: SigningKeys, token: string): Promise<Link | undefined> {
  const link = Link.safeParse(await unsign(keys, LINK_PURPOSE, token));
  return link.success ? link.data : undefined;
}

/** The page of a link. */
export const linkUrl = (siteUrl: string, token: string): string => `${siteUrl}/c/${token}`;
