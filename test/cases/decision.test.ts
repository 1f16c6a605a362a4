import { describe, expect, it } from 'vitest';
import {
  decideMove,
  nextStage,
  outcomesAt,
  type StagePosition,
  stageOf,
} from '../../sync-service/src/cases/decision.ts';
import type { Program } from '../../sync-service/src/cases/program-rules.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { tainan } from './helpers.ts';

const twoStage = await loadProgram('programs/example-two-stage.yaml');

const PLATFORM: StagePosition = {
  state: 'in-review',
  route: 'platform-106-107',
  stage: 0,
  queue: 'platform',
};
const CENTER: StagePosition = { state: 'in-review', route: 'dispatch-105', stage: 0, queue: 'city-center' };
const ENQUIRY: StagePosition = {
  state: 'in-review',
  route: 'training-record',
  stage: 0,
  queue: 'city-center',
};

function decide(program: Program, from: StagePosition, key: string, reason = '') {
  const outcome = program.outcomes.find((each) => each.key === key);
  if (!outcome) throw new Error(`no outcome ${key}`);
  return decideMove(program, from, outcome, reason);
}

describe('Tainan: what may be chosen', () => {
  it.each<[string, StagePosition, string[]]>([
    ['the platform reviews', PLATFORM, ['approve', 'return', 'reject']],
    ['the centre compiles', CENTER, ['compile', 'return', 'reject']],
    ['the centre answers', ENQUIRY, ['answer', 'return']],
  ])('%s', (_what, position, keys) => {
    const chosen = outcomesAt(tainan, position).filter(({ trigger }) => trigger !== 'forwarded');
    expect(chosen.map(({ key }) => key)).toEqual(keys);
  });
  it('a case is not forwarded to where it lies', () => {
    const targets = outcomesAt(tainan, PLATFORM).flatMap(({ to }) => to ?? []);
    expect(targets).toEqual(['city-center', 'ministry']);
  });
  it('nothing where the case is on no route', () => {
    expect(outcomesAt(tainan, { ...PLATFORM, route: null })).toEqual([]);
    expect(stageOf(tainan, { ...PLATFORM, route: 'gone' })).toBeNull();
  });
});

describe('Tainan: where a decision leads', () => {
  it('approve registers', () => {
    expect(decide(tainan, PLATFORM, 'approve')).toEqual({
      ok: true,
      to: { ...PLATFORM, state: 'registered' },
    });
  });
  it('return keeps queue and stage, so that the correction comes back to whoever returned it', () => {
    expect(decide(tainan, PLATFORM, 'return', '掃描檔不清楚')).toEqual({
      ok: true,
      to: { ...PLATFORM, state: 'needs-correction' },
    });
  });
  it('compile waits for the letter', () => {
    expect(decide(tainan, CENTER, 'compile')).toEqual({
      ok: true,
      to: { ...CENTER, state: 'awaiting-dispatch' },
    });
  });
  it('forward changes the queue and nothing else', () => {
    expect(decide(tainan, PLATFORM, 'forward-ministry', '屬當年度認證')).toEqual({
      ok: true,
      to: { ...PLATFORM, queue: 'ministry' },
    });
  });
  it('after the letter comes the next stage', () => {
    expect(nextStage(tainan, { ...CENTER, state: 'dispatched' })).toEqual({
      state: 'dispatched',
      route: 'dispatch-105',
      stage: 1,
      queue: 'platform',
    });
    expect(nextStage(tainan, PLATFORM)).toEqual(PLATFORM);
  });
});

describe('Tainan: what is refused, with the sentence for the row', () => {
  it('an outcome of another stage: the stage and what may be chosen', () => {
    const move = decide(tainan, CENTER, 'approve');
    expect(move).toMatchObject({ ok: false });
    expect(move.ok ? '' : move.sentence).toMatch(
      /^本案在「市教專中心彙整函報」，不能選「通過登錄」；可選「審核通過，列入函報」「退回補件」「不予登錄」.*。$/u,
    );
  });
  it('a reason that is missing', () => {
    expect(decide(tainan, PLATFORM, 'reject')).toEqual({
      ok: false,
      sentence: '「不予登錄」必須填寫理由，理由會原文寄給教師。',
    });
  });
  it('a case that has ended', () => {
    const move = decide(tainan, { ...PLATFORM, state: 'registered' }, 'reject', '重複');
    expect(move.ok ? '' : move.sentence).toContain('已結案（已登錄）');
  });
  it('a case on no route', () => {
    const move = decide(tainan, { ...PLATFORM, route: null }, 'approve');
    expect(move.ok ? '' : move.sentence).toMatch(/目前的階段.*可選的決定已無。$/u);
  });
});

describe('two-stage review: 通過／修正後通過／修正後複審／不通過', () => {
  const FIRST: StagePosition = {
    state: 'in-review',
    route: 'county-review',
    stage: 0,
    queue: 'first-reviewers',
  };
  const SECOND: StagePosition = { ...FIRST, queue: 'panel' };

  it('offers 通過 once in each review, with its own effect', () => {
    const labels = (position: StagePosition) => outcomesAt(twoStage, position).map(({ label }) => label);
    expect(labels(FIRST)).toEqual(['通過，送複審', '修正後複審', '不通過']);
    expect(labels(SECOND)).toEqual(['通過', '修正後通過', '修正後複審', '不通過']);
  });
  it('passed at the first review goes to the second, approved there is registered', () => {
    expect(decide(twoStage, FIRST, 'pass-first')).toEqual({ ok: true, to: SECOND });
    expect(decide(twoStage, SECOND, 'approve')).toEqual({ ok: true, to: { ...SECOND, state: 'registered' } });
  });
  it('neither outcome can be chosen in the other review', () => {
    expect(decide(twoStage, FIRST, 'approve')).toMatchObject({ ok: false });
    expect(decide(twoStage, SECOND, 'pass-first')).toMatchObject({ ok: false });
  });
  it.each([
    ['revise-and-review', SECOND],
    ['revise-and-pass', { ...SECOND, stage: 1, queue: 'first-reviewers' }],
  ])('%s returns the record to the teacher, with a reason, and says where it goes on', (key, place) => {
    expect(decide(twoStage, SECOND, key)).toMatchObject({ ok: false });
    expect(decide(twoStage, SECOND, key, '請補簽名頁')).toEqual({
      ok: true,
      to: { ...place, state: 'needs-correction' },
    });
  });
  it('what was to be revised is confirmed without a second review', () => {
    const confirming: StagePosition = { ...FIRST, stage: 1 };
    const labels = outcomesAt(twoStage, confirming).map(({ label }) => label);
    expect(labels).toEqual(['修正確認，通過', '不通過', '退回補件']);
    expect(decide(twoStage, confirming, 'confirm')).toMatchObject({ ok: true, to: { state: 'registered' } });
  });
  it('不通過 ends the case', () => {
    expect(decide(twoStage, FIRST, 'fail', '未達時數')).toMatchObject({
      ok: true,
      to: { state: 'rejected' },
    });
  });
});
