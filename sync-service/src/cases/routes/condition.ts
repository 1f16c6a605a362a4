import type { z } from 'zod';
import type { Span } from '../calendar/window.ts';
import type { CaseRegister, Level, ListedPerson, School, Submission } from '../types.ts';

/** An entry as far as it was read when its route is chosen. */
export interface RouteEntry {
  program: {
    routes: readonly { when: { sent?: unknown } }[];
    rosters: readonly { key: string; people: ListedPerson[] }[];
    schools: School[];
  };
  /** Absent where nothing can have been sent before. */
  register: Pick<CaseRegister, 'sentBy'> | undefined;
  submission: Submission;
  /** What the form that was filled in is for. */
  purpose: string;
  name: string | null;
  school: School | null;
  level: Level | null;
  schoolYear: number | null;
  /** As typed. */
  certificateNumber: string | null;
}

/** A form as far as it decides which facts an entry can have. */
export interface RouteForm {
  key: string;
  purpose: string;
  level?: Level | undefined;
  window?: (Span & { rounds?: string[] | undefined }) | undefined;
  fields: readonly {
    key: string;
    required?: boolean;
    options?: readonly { value: string }[] | undefined;
  }[];
}

/** Where the loader stands while it walks every combination of facts. */
export interface RouteWalk {
  form: RouteForm;
  forms: readonly RouteForm[];
  rounds: readonly (Span & { key: string })[];
  /** Whether a school has to stand in the roster. */
  rosterMustMatch: boolean;
  /**
   * Whether to walk every instant that an entry can bear: a late case that is reopened, or a window whose end is moved in
   * the settings, lies outside the form's window.
   */
  outsideWindow: boolean;
}

/** Titles of what a fact names by its key. */
export interface RouteTitles {
  forms: readonly { key: string; title: string }[];
  rosters: readonly { key: string; title: string }[];
}

/** A name that a condition says of another part of the file. */
export interface RouteReference {
  kind: 'form' | 'roster' | 'purpose';
  name: string;
}

/**
 * All that there is to say of one condition of a route. `W` is what the file writes, `F` are the facts that it asks
 * about. Every part is required, so that a condition with a part forgotten does not compile.
 */
export interface RouteCondition<W, F> {
  schema: z.ZodType<W>;
  /** Gives the facts of a real entry. */
  facts(entry: RouteEntry): F;
  /** Whether the condition holds. What is not known never does. */
  matches(wanted: W, facts: F): boolean;
  /**
   * Every set of facts that the routes tell apart in entries of one form: `asked` is what they ask, `known` the facts
   * that the conditions above this one in the table have decided already.
   */
  coverage(asked: readonly W[], walk: RouteWalk, known: Partial<F>): F[];
  /** Names such an entry in a gap, for whoever writes the file; empty where the routes do not ask. */
  note(facts: F, asked: readonly W[]): string;
  /** Why the route was taken, for the reviewer; `wanted` is what the route asks, if it does. */
  because(facts: F, titles: RouteTitles, wanted: W | undefined): string[];
  /** The names that must exist in the file. */
  references(wanted: W): RouteReference[];
  /** Its line in docs/program-file.md, and what a fault shows. */
  docs: { holdsFor: string; example: string };
}

/** Lets the compiler derive what the file writes from the schema, and the facts from how they are read. */
export function condition<S extends z.ZodType, F>(parts: { schema: S } & RouteCondition<z.output<S>, F>) {
  return parts;
}
