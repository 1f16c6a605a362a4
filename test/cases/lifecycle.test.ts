import { describe, expect, it } from 'vitest';
import {
  COUNTED_STATES,
  FINAL_STATES,
  nextState,
  type State,
  STATES,
  TRANSITIONS,
  type Trigger,
  TRIGGERS,
} from '../../sync-service/src/cases/lifecycle.ts';

const states = Object.keys(STATES) as State[];
const triggers = Object.keys(TRIGGERS) as Trigger[];

/** What the office lets happen, in words of its own: a change of the table must be meant. */
const ALLOWED: Record<State, string> = {
  'needs-correction': 'resubmitted expired withdrawn matched reversed erased',
  'in-review':
    'resubmitted approved passed compiled returned rejected answered forwarded withdrawn matched erased',
  'awaiting-dispatch': 'resubmitted dispatched returned withdrawn matched reversed erased',
  dispatched: 'passed approved compiled returned rejected answered forwarded matched erased',
  registered: 'reversed erased',
  rejected: 'reversed erased',
  answered: 'reversed erased',
  'not-needed': 'resubmitted reopened erased',
  duplicate: 'resubmitted reopened erased',
  withdrawn: 'reopened erased',
  expired: 'reopened erased',
  late: 'reopened erased',
};

describe.each(states)('%s', (state) => {
  it.each(triggers)('%s is allowed or refused with a sentence', (trigger) => {
    const next = nextState(state, trigger);
    expect(next.ok).toBe(ALLOWED[state].split(' ').includes(trigger));
    if (next.ok) expect(states).toContain(next.state);
    else {
      expect(next.sentence).toMatch(/^本案.*。$/u);
      expect(next.sentence).toContain(trigger === 'resubmitted' ? '已留存但未採用' : STATES[state].slice(-2));
    }
  });
});

describe('where it leads', () => {
  it.each<[State, Trigger, State]>([
    ['in-review', 'approved', 'registered'],
    ['in-review', 'passed', 'in-review'],
    ['in-review', 'compiled', 'awaiting-dispatch'],
    ['in-review', 'returned', 'needs-correction'],
    ['in-review', 'rejected', 'rejected'],
    ['in-review', 'answered', 'answered'],
    ['awaiting-dispatch', 'dispatched', 'dispatched'],
    ['dispatched', 'passed', 'in-review'],
    ['dispatched', 'approved', 'registered'],
    ['needs-correction', 'resubmitted', 'in-review'],
    ['needs-correction', 'expired', 'expired'],
    ['needs-correction', 'withdrawn', 'withdrawn'],
    ['registered', 'reversed', 'in-review'],
    // 退回 means fix the same record, 不予登錄 ends it: a refused case does not open by itself.
    ['rejected', 'reversed', 'in-review'],
  ])('%s, %s → %s', (state, trigger, next) => {
    expect(nextState(state, trigger)).toEqual({ ok: true, state: next });
  });

  it('to every state that no triage gives', () => {
    const reached = new Set(Object.values(TRANSITIONS).flatMap((moves) => [...moves.values()]));
    const byTriage: State[] = ['duplicate', 'late'];
    expect(states.filter((state) => !reached.has(state) && !byTriage.includes(state))).toEqual([]);
  });

  it('erasing changes no state, and is always possible', () => {
    for (const state of states) expect(TRANSITIONS.erased.get(state)).toBe(state);
  });

  it('an ended case moves only by hand or by a new answer', () => {
    for (const state of FINAL_STATES)
      for (const trigger of triggers.filter((each) => TRANSITIONS[each].has(state)))
        expect(['reversed', 'reopened', 'resubmitted', 'erased']).toContain(trigger);
  });

  it('a case that counts for duplicates is open or registered', () => {
    for (const state of COUNTED_STATES)
      expect(state === 'registered' || !FINAL_STATES.includes(state)).toBe(true);
  });
});

describe('the sentence', () => {
  const sentence = (state: State, trigger: Trigger) => {
    const next = nextState(state, trigger);
    return next.ok ? '' : next.sentence;
  };
  it('names what stands and what was wanted', () => {
    expect(sentence('registered', 'returned')).toBe(
      '本案已結案（已登錄），不能再「退回補件」；如需更改請先撤銷原決定。',
    );
    expect(sentence('needs-correction', 'approved')).toBe('本案待教師補件，補件送達前不能「通過登錄」。');
    expect(sentence('in-review', 'dispatched')).toBe('本案目前是「審核中」，不能「函報發文」。');
    expect(sentence('in-review', 'reversed')).toBe('本案目前是「審核中」，沒有可以撤銷的決定。');
    expect(sentence('registered', 'resubmitted')).toContain('已留存但未採用');
    expect(sentence('dispatched', 'resubmitted')).toContain('請洽承辦人');
  });
});
