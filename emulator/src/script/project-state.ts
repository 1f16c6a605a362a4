import type { Journal } from '../journal.ts';
import { ScriptLocks } from './locks.ts';
import type { Trigger } from './protocol.ts';

const PROPERTY = 'script.property';
const TRIGGER = 'script.trigger';
const NO_TRIGGER = 'script.trigger.delete';

/** What one project keeps from run to run. The cache is forgotten with the process, as it may be at any time. */
export interface ProjectState {
  readonly properties: ReadonlyMap<string, string>;
  readonly triggers: readonly Trigger[];
  readonly cache: Map<string, { value: string; until: number }>;
  readonly locks: ScriptLocks;
  setProperty(name: string, value: string | null): void;
  addTrigger(trigger: Trigger): void;
  deleteTrigger(id: string): void;
}

/** Keeps properties and triggers of every project over a restart, as Google does. */
export class ProjectStates {
  readonly #states = new Map<string, ProjectState>();
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
    journal.register(
      PROPERTY,
      ({ scriptId, name, value }: { scriptId?: string; name: string; value: string | null }) => {
        // Journals of version 0.1 name no project; its set-up writes them again.
        if (scriptId !== undefined) this.#of(scriptId).setProperty(name, value);
      },
    );
    journal.register(TRIGGER, (trigger: Trigger) => this.#of(trigger.scriptId).addTrigger(trigger));
    journal.register(NO_TRIGGER, ({ scriptId, id }: Pick<Trigger, 'scriptId' | 'id'>) =>
      this.#of(scriptId).deleteTrigger(id),
    );
  }

  #of(scriptId: string): ProjectState {
    const known = this.#states.get(scriptId) ?? stateOf();
    this.#states.set(scriptId, known);
    return known;
  }

  all(): ProjectState[] {
    return [...this.#states.values()];
  }

  /** What one project keeps; what is changed here is written down. */
  kept(scriptId: string): ProjectState {
    const state = this.#of(scriptId);
    return {
      ...state,
      setProperty: (name, value) => {
        state.setProperty(name, value);
        this.#journal.append(PROPERTY, { scriptId, name, value });
      },
      addTrigger: (trigger) => {
        state.addTrigger(trigger);
        this.#journal.append(TRIGGER, trigger);
      },
      deleteTrigger: (id) => {
        state.deleteTrigger(id);
        this.#journal.append(NO_TRIGGER, { scriptId, id });
      },
    };
  }
}

function stateOf(): ProjectState {
  const properties = new Map<string, string>();
  const triggers: Trigger[] = [];
  return {
    properties,
    triggers,
    cache: new Map(),
    locks: new ScriptLocks(),
    setProperty(name, value) {
      if (value === null) properties.delete(name);
      else properties.set(name, value);
    },
    addTrigger: (trigger) => void triggers.push(trigger),
    deleteTrigger(id) {
      const index = triggers.findIndex((each) => each.id === id);
      if (index >= 0) triggers.splice(index, 1);
    },
  };
}
