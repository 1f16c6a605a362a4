import { keysIn } from '../../../contract/records.ts';

/** This file holds the whole life of a case: states, triggers, and one table of what follows what. */

export const STATES = {
  'needs-correction': '待補件',
  'in-review': '審核中',
  'awaiting-dispatch': '待函報',
  dispatched: '已函報',
  registered: '已登錄',
  rejected: '不予登錄',
  answered: '已回覆',
  'not-needed': '無須補登',
  duplicate: '重複填報',
  withdrawn: '已撤回',
  expired: '逾期未補件',
  late: '逾時不受理',
} as const;
export type State = keyof typeof STATES;

interface Standing {
  /** The case is at its end: an ordinary one goes nowhere by itself. */
  final: boolean;
  /** An earlier case makes a later one its duplicate. */
  counts: boolean;
  /** The entry was taken in and not taken back, for routes that ask what else a person has sent. */
  sent: boolean;
  /** What the case waits for of the office: a desk's review, or the letter. */
  waitsFor: 'review' | 'letter' | null;
  /** A desk has the case, or had it when it ended. Whole answers bring it back there and not to the start. */
  keepsDesk: boolean;
}

/** What each state means for the office, said in one place so that a new state cannot be forgotten in another. */
export const STANDINGS: Record<State, Standing> = {
  'needs-correction': { final: false, counts: true, sent: false, waitsFor: null, keepsDesk: true },
  'in-review': { final: false, counts: true, sent: true, waitsFor: 'review', keepsDesk: true },
  'awaiting-dispatch': { final: false, counts: true, sent: true, waitsFor: 'letter', keepsDesk: true },
  dispatched: { final: false, counts: true, sent: true, waitsFor: 'review', keepsDesk: true },
  registered: { final: true, counts: true, sent: true, waitsFor: null, keepsDesk: true },
  rejected: { final: true, counts: false, sent: true, waitsFor: null, keepsDesk: true },
  answered: { final: true, counts: false, sent: true, waitsFor: null, keepsDesk: true },
  'not-needed': { final: true, counts: false, sent: true, waitsFor: null, keepsDesk: false },
  duplicate: { final: true, counts: false, sent: true, waitsFor: null, keepsDesk: false },
  withdrawn: { final: true, counts: false, sent: false, waitsFor: null, keepsDesk: true },
  expired: { final: true, counts: false, sent: false, waitsFor: null, keepsDesk: true },
  late: { final: true, counts: false, sent: false, waitsFor: null, keepsDesk: false },
};

const statesThat = (holds: (standing: Standing) => boolean) =>
  keysIn(STANDINGS).filter((state) => holds(STANDINGS[state]));

export const FINAL_STATES = statesThat(({ final }) => final);
export const COUNTED_STATES = statesThat(({ counts }) => counts);
export const SENT_STATES = statesThat(({ sent }) => sent);
/** A case has a row in its desk's tab. */
export const QUEUED_STATES = statesThat(({ waitsFor }) => waitsFor === 'review');
/** A case waits for somebody of the office. */
export const WAITING_STATES = statesThat(({ waitsFor }) => waitsFor !== null);

/** What a reviewer's decision does to the case. An outcome of the program names one of these. */
export const DECISION_TRIGGERS = {
  approved: '通過登錄',
  passed: '送下一階段審核',
  compiled: '列入函報名冊',
  returned: '退回補件',
  rejected: '不予登錄',
  answered: '回覆',
  forwarded: '轉送',
} as const;
export type DecisionTrigger = keyof typeof DECISION_TRIGGERS;

export const TRIGGERS = {
  submitted: '收件',
  resubmitted: '補正送件',
  ...DECISION_TRIGGERS,
  dispatched: '函報發文',
  expired: '補件期限屆滿',
  withdrawn: '教師撤回',
  reversed: '撤銷決定',
  reopened: '重新開案',
  matched: '比對作業平臺名冊',
  erased: '刪除個人資料',
  rebuilt: '由試算表重建',
} as const;
export type Trigger = keyof typeof TRIGGERS;

/** The states that a trigger takes a case from, each with the state that it takes it to. */
type Moves = ReadonlyMap<State, State>;

function to(next: State, from: readonly State[]): [State, State][] {
  return from.map((state) => [state, next]);
}

/** A desk decides on a case that lies with it, also on one that a letter has brought there. */
const DECIDED_FROM = ['in-review', 'dispatched'] as const;

/** What follows what, by trigger. Whatever does not stand here is refused with a sentence. */
export const TRANSITIONS: Record<Trigger, Moves> = {
  // Triage gives a new case its first state.
  submitted: new Map(),
  // Triage may give another state than this one, also to a case that is reopened. The roster of a case that waits for
  // its letter no longer holds what the teacher states now. No person has decided the last two.
  resubmitted: new Map(
    to('in-review', ['needs-correction', 'in-review', 'awaiting-dispatch', 'not-needed', 'duplicate']),
  ),
  approved: new Map(to('registered', DECIDED_FROM)),
  passed: new Map(to('in-review', DECIDED_FROM)),
  compiled: new Map(to('awaiting-dispatch', DECIDED_FROM)),
  returned: new Map(to('needs-correction', [...DECIDED_FROM, 'awaiting-dispatch'])),
  rejected: new Map(to('rejected', DECIDED_FROM)),
  answered: new Map(to('answered', DECIDED_FROM)),
  forwarded: new Map(to('in-review', DECIDED_FROM)),
  dispatched: new Map(to('dispatched', ['awaiting-dispatch'])),
  expired: new Map(to('expired', ['needs-correction'])),
  withdrawn: new Map(to('withdrawn', ['needs-correction', 'in-review', 'awaiting-dispatch'])),
  reversed: new Map(
    to('in-review', ['needs-correction', 'awaiting-dispatch', 'registered', 'rejected', 'answered']),
  ),
  reopened: new Map(to('in-review', ['not-needed', 'duplicate', 'withdrawn', 'expired', 'late'])),
  matched: new Map([
    ...to('not-needed', ['needs-correction', 'in-review', 'awaiting-dispatch']),
    // The case was sent to the same office that has the certificate on record now.
    ...to('registered', ['dispatched']),
  ]),
  // Erasing is possible everywhere and changes no state.
  erased: new Map(keysIn(STATES).map((state) => [state, state])),
  // A rebuilt case is written down as its row has it.
  rebuilt: new Map(),
};

/** What follows, or the sentence for the person who tried. */
export function nextState(
  state: State,
  trigger: Trigger,
): { ok: true; state: State } | { ok: false; sentence: string } {
  const next = TRANSITIONS[trigger].get(state);
  if (next) return { ok: true, state: next };
  return { ok: false, sentence: refusal(state, trigger) };
}

function refusal(state: State, trigger: Trigger): string {
  const [stands, wanted] = [STATES[state], TRIGGERS[trigger]];
  if (trigger === 'resubmitted')
    return state === 'dispatched'
      ? `本案${stands}，這次修改已留存但未採用；如需更正請洽承辦人。`
      : `本案已結案（${stands}），這次修改已留存但未採用；如需更正請洽承辦人。`;
  if (trigger === 'reopened') return `本案目前是「${stands}」，不需要重新開案；要更改決定請用「撤銷決定」。`;
  if (trigger === 'reversed')
    return TRANSITIONS.reopened.has(state)
      ? `本案目前是「${stands}」，沒有可以撤銷的決定；要再辦理請用「${TRIGGERS.reopened}」。`
      : `本案目前是「${stands}」，沒有可以撤銷的決定。`;
  if (trigger === 'withdrawn' && state === 'dispatched')
    return `本案${stands}，公文已送出，不能撤回；如需更正請洽聯絡窗口。`;
  if (FINAL_STATES.includes(state))
    return `本案已結案（${stands}），不能再「${wanted}」；如需更改請先撤銷原決定。`;
  if (state === 'needs-correction') return `本案待教師補件，補件送達前不能「${wanted}」。`;
  return `本案目前是「${stands}」，不能「${wanted}」。`;
}
