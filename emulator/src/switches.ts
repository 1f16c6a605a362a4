/** What nobody knows about Google for sure, or what Google does not promise: each can be played either way. */
export interface Switches {
  /** A check box that nobody has touched counts as FALSE, or its cell as blank. */
  unsetCheckboxes: 'data' | 'blank';
  /** The order of the answers of `values.batchGetByDataFilter`. */
  filterAnswers: 'reversed' | 'in-order';
  /** Whether a simple trigger is told who edits: Google does it for some accounts only, mostly of one Workspace. */
  editUser: 'hidden' | 'told';
  /** Whether a response's `getTimestamp()` in Apps Script moves with an edit; the API's `lastSubmittedTime` always does. */
  editTimestamp: 'moves' | 'stays';
}

export const SWITCHES: { readonly [K in keyof Switches]: readonly Switches[K][] } = {
  unsetCheckboxes: ['data', 'blank'],
  filterAnswers: ['reversed', 'in-order'],
  editUser: ['hidden', 'told'],
  editTimestamp: ['moves', 'stays'],
};

/** A client stumbles on these that takes the other position for granted. */
export const DEFAULT_SWITCHES: Switches = {
  unsetCheckboxes: 'data',
  filterAnswers: 'reversed',
  editUser: 'hidden',
  editTimestamp: 'stays',
};
