/** The whole life of a case: states, triggers, and one table of what follows what. */

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

/** States from which an ordinary case goes nowhere by itself. */
export const FINAL_STATES: readonly State[] = [
  'registered',
  'rejected',
  'answered',
  'not-needed',
  'duplicate',
  'withdrawn',
  'expired',
  'late',
];

/** An earlier case in one of these makes a later one its duplicate. */
export const COUNTED_STATES: readonly State[] = [
  'needs-correction',
  'in-review',
  'awaiting-dispatch',
  'dispatched',
  'registered',
];

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

const WITHDRAWABLE = { withdrawn: 'withdrawn' } as const;

/**
 * state → trigger → next state. `submitted` is missing: triage gives a new case its first state, and after
 * `resubmitted` and `reopened` too it may give another than the one that stands here. `erased` changes no state.
 */
export const TRANSITIONS: Record<State, Partial<Record<Trigger, State>>> = {
  'needs-correction': {
    ...WITHDRAWABLE,
    resubmitted: 'in-review',
    expired: 'expired',
    matched: 'not-needed',
    reversed: 'in-review',
    erased: 'needs-correction',
  },
  'in-review': {
    ...WITHDRAWABLE,
    resubmitted: 'in-review',
    approved: 'registered',
    passed: 'in-review',
    compiled: 'awaiting-dispatch',
    returned: 'needs-correction',
    rejected: 'rejected',
    answered: 'answered',
    forwarded: 'in-review',
    matched: 'not-needed',
    erased: 'in-review',
  },
  'awaiting-dispatch': {
    ...WITHDRAWABLE,
    // The compiled roster no longer holds what the teacher states now.
    resubmitted: 'in-review',
    dispatched: 'dispatched',
    matched: 'not-needed',
    returned: 'needs-correction',
    reversed: 'in-review',
    erased: 'awaiting-dispatch',
  },
  dispatched: {
    passed: 'in-review',
    approved: 'registered',
    compiled: 'awaiting-dispatch',
    returned: 'needs-correction',
    rejected: 'rejected',
    answered: 'answered',
    forwarded: 'in-review',
    // The case was sent to the same office that has the certificate on record now.
    matched: 'registered',
    erased: 'dispatched',
  },
  registered: { reversed: 'in-review', erased: 'registered' },
  rejected: { reversed: 'in-review', erased: 'rejected' },
  answered: { reversed: 'in-review', erased: 'answered' },
  // No person has decided these cases, so an edited answer is triaged again.
  'not-needed': { resubmitted: 'in-review', reopened: 'in-review', erased: 'not-needed' },
  duplicate: { resubmitted: 'in-review', reopened: 'in-review', erased: 'duplicate' },
  withdrawn: { reopened: 'in-review', erased: 'withdrawn' },
  expired: { reopened: 'in-review', erased: 'expired' },
  late: { reopened: 'in-review', erased: 'late' },
};

/** What follows, or the sentence for the person who tried. */
export function nextState(
  state: State,
  trigger: Trigger,
): { ok: true; state: State } | { ok: false; sentence: string } {
  const next = TRANSITIONS[state][trigger];
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
    return TRANSITIONS[state].reopened
      ? `本案目前是「${stands}」，沒有可以撤銷的決定；要再辦理請用「${TRIGGERS.reopened}」。`
      : `本案目前是「${stands}」，沒有可以撤銷的決定。`;
  if (trigger === 'withdrawn' && state === 'dispatched')
    return `本案${stands}，公文已送出，不能撤回；如需更正請洽聯絡窗口。`;
  if (FINAL_STATES.includes(state))
    return `本案已結案（${stands}），不能再「${wanted}」；如需更改請先撤銷原決定。`;
  if (state === 'needs-correction') return `本案待教師補件，補件送達前不能「${wanted}」。`;
  return `本案目前是「${stands}」，不能「${wanted}」。`;
}
