/** An expected refusal is a value: a stable code, a sentence a person can act on, and whether trying again can help. */
export type Refusal<Code extends string = string> = {
  readonly ok: false;
  readonly code: Code;
  readonly detail: string;
  /** True where the same call may succeed later without any change by the caller. */
  readonly retryable: boolean;
  /** Further members of the problem answer, such as the next round's date. */
  readonly extra?: Readonly<Record<string, string | number | boolean | readonly string[] | readonly object[]>>;
};
export type Ok<T> = { readonly ok: true; readonly value: T };
export type Result<T, Code extends string = string> = Ok<T> | Refusal<Code>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

export const refuse = <Code extends string>(
  code: Code,
  detail: string,
  more: { retryable?: boolean; extra?: Refusal['extra'] } = {},
): Refusal<Code> => ({
  ok: false,
  code,
  detail,
  retryable: more.retryable ?? false,
  ...(more.extra ? { extra: more.extra } : {}),
});
