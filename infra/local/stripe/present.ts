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
    let shown = this.#shown(context, answered);
    for (const path of expand) {
      const steps = path.split('.');
      if (steps.length - (steps[0] === 'data' ? 1 : 0) > DEEPEST)
        throw invalid('You cannot expand more than 4 levels of a property.', { param: 'expand' });
      shown = this.#expanded(context, shown, steps, path);
    }
    return shown;
  }

  #shown(context: Context, value: unknown): unknown {
    if (!isBody(value)) return value;
    if (Array.isArray(value.data) && (value.object === 'list' || 'next_page_url' in value))
      return { ...value, data: value.data.map((item) => this.#shown(context, item)) };
    return typeof value.object === 'string' ? this.view(context, value.object as Kind, value as never) : value;
  }

  /** With what stands at the end of a path; only what lies on the path is copied, since a handler may hold the rest. */
  #expanded(context: Context, at: unknown, [step, ...rest]: readonly string[], path: string): unknown {
    if (Array.isArray(at)) return at.map((item) => this.#expanded(context, item, [step ?? '', ...rest], path));
    if (!isBody(at) || step === undefined) return at;
    const filled = this.#filled(context, at, step, path);
    return { ...at, [step]: rest.length > 0 ? this.#expanded(context, filled, rest, path) : filled };
  }

  #filled(context: Context, at: Body, step: string, path: string): unknown {
    const value = at[step];
    const include = this.#includes.get(String(at.object))?.[step];
    if (include !== undefined && !isBody(value)) return this.#shown(context, include(context, at as never));
    if (typeof value === 'string') return this.#byId(context, value, path);
    // A part of an object, such as what an invoice payment paid with, has only the fields of its kind.
    if (value === undefined && at.deleted !== true && typeof at.object === 'string')
      throw invalid(`This property cannot be expanded (${path}).`, { param: 'expand' });
    return value;
  }

  #byId(context: Context, id: string, path: string): unknown {
    const found = context.store.any(id, context.account);
    if (found === undefined) throw invalid(`This property cannot be expanded (${path}).`, { param: 'expand' });
    return this.view(context, found.object, found as never);
  }
}
