/** What is kept becomes what is answered: views, then what `expand` asked for. */
import type { Context, Looks } from './context.ts';
import { invalid } from './errors.ts';
import type { Kind, Kinds } from './kinds.ts';
import type { Resource } from './resource.ts';

const DEEPEST = 4;
type Body = Record<string, unknown>;

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

export class Presenter implements Looks {
  readonly #views = new Map<string, (context: Context, kept: never) => unknown>();
  readonly #includes = new Map<string, Readonly<Record<string, (context: Context, kept: never) => unknown>>>();

  constructor(resources: readonly Resource[]) {
    for (const resource of resources) {
      for (const [kind, view] of Object.entries(resource.views ?? {})) this.#views.set(kind, view as never);
      for (const [kind, fields] of Object.entries(resource.includes ?? {}))
        this.#includes.set(kind, { ...this.#includes.get(kind), ...(fields as object) });
    }
  }

  view<K extends Kind>(context: Context, kind: K, kept: Kinds[K]): Kinds[K] {
    const view = this.#views.get(kind);
    const isDeleted = 'deleted' in kept && kept.deleted === true;
    return view === undefined || isDeleted ? kept : (view(context, kept as never) as Kinds[K]);
  }

  /** The answer of a handler as it goes out, with the paths of `expand` filled in. */
  answer(context: Context, answered: unknown, expand: readonly string[]): unknown {
    // A copy: what a handler answers may be in a list that it still holds.
    const shown = structuredClone(this.#shown(context, answered));
    for (const path of expand) {
      const steps = path.split('.');
      if (steps.length - (steps[0] === 'data' ? 1 : 0) > DEEPEST)
        throw invalid('You cannot expand more than 4 levels of a property.', { param: 'expand' });
      this.#expand(context, shown, steps, path);
    }
    return shown;
  }

  #shown(context: Context, value: unknown): unknown {
    if (!isBody(value)) return value;
    if (Array.isArray(value.data) && (value.object === 'list' || 'next_page_url' in value))
      return { ...value, data: value.data.map((item) => this.#shown(context, item)) };
    return typeof value.object === 'string' ? this.view(context, value.object as Kind, value as never) : value;
  }

  #expand(context: Context, at: unknown, [step, ...rest]: readonly string[], path: string): void {
    if (Array.isArray(at)) {
      for (const item of at) this.#expand(context, item, [step ?? '', ...rest], path);
      return;
    }
    if (!isBody(at) || step === undefined) return;
    this.#fill(context, at, step, path);
    if (rest.length > 0) this.#expand(context, at[step], rest, path);
  }

  #fill(context: Context, at: Body, step: string, path: string): void {
    const value = at[step];
    const include = this.#includes.get(String(at.object))?.[step];
    if (include !== undefined && !isBody(value))
      at[step] = structuredClone(this.#shown(context, include(context, at as never)));
    else if (typeof value === 'string') at[step] = this.#byId(context, value, path);
    // A part of an object, such as what an invoice payment paid with, has only the fields of its kind.
    else if (value === undefined && at.deleted !== true && typeof at.object === 'string')
      throw invalid(`This property cannot be expanded (${path}).`, { param: 'expand' });
  }

  #byId(context: Context, id: string, path: string): unknown {
    const found = context.store.any(id, context.account);
    if (found === undefined) throw invalid(`This property cannot be expanded (${path}).`, { param: 'expand' });
    return this.view(context, found.object, found as never);
  }
}
