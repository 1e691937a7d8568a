/**
 * A form: its values, what is wrong with each of them (by the same schema as the API's, and by the API's own answer), and
 * what to send. Names of fields are paths as the API writes them: `tiers[1].priceMicros`.
 */
import { type FormEvent, useState } from 'react';
import type * as z from 'zod';
import { ParleyProblem } from '../../../shared/client/client.ts';
import { useDraft } from '../auth/use-draft.ts';

export type Errors = Readonly<Record<string, string>>;
type Path = readonly PropertyKey[];

/** `['tiers', 1, 'priceMicros']` as `tiers[1].priceMicros`. */
export const fieldName = (path: Path): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );

/** The first thing that is wrong with each field. */
export function errorsOf(issues: readonly { path: Path; message: string }[]): Errors {
  const errors: Record<string, string> = {};
  for (const { path, message } of issues) errors[fieldName(path)] ??= message;
  return errors;
}

/** What the market says of single fields in its refusal. */
export function errorsOfProblem(error: unknown): Errors {
  if (!(error instanceof ParleyProblem)) return {};
  return Object.fromEntries((error.problem.errors ?? []).map(({ field, message }) => [field, message]));
}

export type Form<V, B> = {
  values: V;
  errors: Errors;
  /** A refusal that belongs to no field that is shown; for `ProblemAlert`. */
  problem: unknown;
  set: (change: Partial<V>) => void;
  /** `value`, `onChange` and `error` of a text input. */
  text: <K extends keyof V & string>(
    name: K,
  ) => { name: K; value: string; onChange: (e: ChangeLike) => void; error?: string };
  /** The same for inputs that give their value itself: numbers, selects, dates. */
  value: <K extends keyof V & string>(
    name: K,
  ) => { name: K; value: V[K]; onChange: (value: V[K]) => void; error?: string };
  checkbox: <K extends keyof V & string>(
    name: K,
  ) => { name: K; checked: boolean; onChange: (e: CheckLike) => void; error?: string };
  /** For `<form onSubmit>`: checks, then hands on what to send; what `send` throws is shown. */
  submit: (send: (body: B) => Promise<unknown>) => (event: FormEvent) => void;
  isSending: boolean;
  reset: () => void;
};
type ChangeLike = { currentTarget: { value: string } };
type CheckLike = { currentTarget: { checked: boolean } };

/**
 * `toBody` makes the body from the values where they differ, such as an empty text for nothing. Under the name `keep`, what is
 * written outlives the end of the session: for words, never for secrets.
 */
export function useForm<V extends Readonly<Record<string, unknown>>, S extends z.ZodType>(options: {
  initial: V;
  schema: S;
  toBody?: (values: V) => unknown;
  keep?: string;
}): Form<V, z.input<S>> {
  const { initial, schema, toBody = (values: V) => values, keep } = options;
  const [values, setValues] = useDraft(keep, initial);
  const [errors, setErrors] = useState<Errors>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [isSending, setSending] = useState(false);
  const set = (change: Partial<V>) => {
    setValues((before) => ({ ...before, ...change }));
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([name]) => !(name in change))));
  };
  const errorOf = (name: string) => (errors[name] === undefined ? {} : { error: errors[name] });
  const send = async (work: (body: z.input<S>) => Promise<unknown>) => {
    const body = toBody(values);
    const parsed = schema.safeParse(body);
    setProblem(null);
    if (!parsed.success) return setErrors(errorsOf(parsed.error.issues));
    setErrors({});
    setSending(true);
    try {
      await work(body as z.input<S>);
    } catch (error) {
      const ofFields = errorsOfProblem(error);
      setErrors(ofFields);
      const isAllShown = Object.keys(ofFields).length > 0 && Object.keys(ofFields).every((name) => name in values);
      setProblem(isAllShown ? null : error);
    }
    setSending(false);
  };
  return {
    values,
    errors,
    problem,
    set,
    text: (name) => ({
      name,
      value: String(values[name] ?? ''),
      onChange: (event) => set({ [name]: event.currentTarget.value } as unknown as Partial<V>),
      ...errorOf(name),
    }),
    value: (name) => ({
      name,
      value: values[name],
      onChange: (value) => set({ [name]: value } as unknown as Partial<V>),
      ...errorOf(name),
    }),
    checkbox: (name) => ({
      name,
      checked: values[name] === true,
      onChange: (event) => set({ [name]: event.currentTarget.checked } as unknown as Partial<V>),
      ...errorOf(name),
    }),
    submit: (work) => (event) => {
      event.preventDefault();
      void send(work);
    },
    isSending,
    reset: () => {
      setValues(initial);
      setErrors({});
      setProblem(null);
    },
  };
}
