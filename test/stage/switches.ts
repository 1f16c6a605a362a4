import { DEFAULT_SWITCHES, type Switches } from '../../emulator/src/switches.ts';

/** Whatever Google turns out to do where nobody knows it: two plays in which each switch has either position once. */
export const PLAYS = {
  default: DEFAULT_SWITCHES,
  other: { unsetCheckboxes: 'blank', filterAnswers: 'in-order', editUser: 'told', editTimestamp: 'moves' },
} as const satisfies Record<string, Switches>;

export type Play = keyof typeof PLAYS;
