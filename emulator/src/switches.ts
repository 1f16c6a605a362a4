/**
 * What nobody knows about Google for sure, or what Google does not promise: each can be played either way. The first
 * position is the default: a client stumbles on it that takes the other for granted.
 */
export const SWITCHES = {
  /** The order of the answers of `values.batchGetByDataFilter`. */
  filterAnswers: ['reversed', 'in-order'],
} as const;

export type Switches = { [K in keyof typeof SWITCHES]: (typeof SWITCHES)[K][number] };

export const DEFAULT_SWITCHES: Switches = {
  filterAnswers: 'reversed',
};
