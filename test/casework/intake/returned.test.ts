import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS, QUEUE, SETTINGS } from '../../../contract/tabs.ts';
import { COMPLETE, DAY_MS, openStage, type Stage } from '../../stage/stage.ts';
import { storyOn } from '../../stage/story.ts';

const PLATFORM_FORM = 'advanced-mentor-106-107';

let stage: Stage;
let triggersAreLost: boolean;
let story: ReturnType<typeof storyOn>;
beforeEach(async () => {
  triggersAreLost = false;
  stage = await openStage({ deliver: () => ({ times: triggersAreLost ? 0 : 1 }) });
  story = storyOn(stage);
});
afterEach(() => stage.close());

const rowOf = (queue: string, number: string) =>
  stage.readTab(queue, 'queue', QUEUE).rows.find((row) => row.cells.case === number)?.cells;

describe('a correction comes back to the desk that returned it', () => {
  it('also after it was sent in incomplete once more', async () => {
    const opened = await story.open(PLATFORM_FORM);
    const { number, email } = opened;
    await story.decide('platform', number, '轉送市教專中心', '請查學年度');
    await story.decide('city-center', number, '退回補件', '請補年度證明');
    await story.correct(PLATFORM_FORM, opened, { evidence: '' });
    expect(await stage.caseOf(number)).toMatchObject({ state: 'needs-correction', queue: 'city-center' });
    await story.correct(PLATFORM_FORM, opened, { note: '已補' });
    expect(rowOf('city-center', number)).toMatchObject({ revision: 3, state: '審核中' });
    expect(rowOf('platform', number)).toBeUndefined();
    expect(story.kinds(email)).toEqual([
      'acknowledgement',
      'forwarded',
      'correction-request',
      'correction-request',
      'acknowledgement',
    ]);
  });

  it('stays with the desk that has it when the teacher edits it under review', async () => {
    const opened = await story.open(PLATFORM_FORM);
    await story.decide('platform', opened.number, '轉送市教專中心', '請查學年度');
    await story.correct(PLATFORM_FORM, opened, { note: '補充說明' });
    expect(rowOf('city-center', opened.number)).toMatchObject({ revision: 2, changed: '備註' });
  });

  it('goes elsewhere where the corrected facts lead elsewhere', async () => {
    const opened = await story.open(PLATFORM_FORM);
    await story.decide('platform', opened.number, '退回補件', '證書是105學年度的');
    await story.correct(PLATFORM_FORM, opened, { 'school-year': '105' });
    expect(await stage.caseOf(opened.number)).toMatchObject({ queue: 'city-center', stage: 0, moved: true });
  });

  it('is not late because the form has been closed since', async () => {
    const opened = await story.open(PLATFORM_FORM, { evidence: '' });
    const setting = `form/${PLATFORM_FORM}/open`;
    stage.type('office', 'settings', SETTINGS, setting, { value: '否' });
    await stage.settle();
    // The form itself stays open for the correction, so that another teacher can still send it.
    const late = await story.open(PLATFORM_FORM);
    expect(await stage.caseOf(late.number)).toMatchObject({ state: 'late' });
    await story.correct(PLATFORM_FORM, opened, { evidence: COMPLETE.evidence });
    expect(await stage.caseOf(opened.number)).toMatchObject({ state: 'in-review' });
  });
});

describe('the correction deadline', () => {
  it('counts by the time of receipt: what came in time is taken though it is read late, and the teacher told', async () => {
    const opened = await story.open(PLATFORM_FORM, { evidence: '' });
    const { number, email } = opened;
    const due = (await stage.caseOf(number)).due_at as Date;
    stage.clock.set(new Date(due.getTime() - 1000));
    triggersAreLost = true;
    await story.correct(PLATFORM_FORM, opened, { evidence: COMPLETE.evidence }, 0);
    triggersAreLost = false;
    stage.clock.advance(10 * 60_000);
    await stage.settle();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'expired' });
    // The sweep finds what no trigger reported.
    await stage.script.fireClock();
    await stage.settle();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'in-review', queue: 'platform' });
    expect(story.kinds(email).slice(-3)).toEqual(['expired', 'reversed', 'acknowledgement']);
    const correcting = stage.mailsTo(email).at(-2);
    expect(correcting?.subject).toContain('先前的「逾期未補件」已撤銷');
    expect(correcting?.text).toContain('您的補正在期限內送達');
  });

  it('is over for what comes a second after it', async () => {
    const opened = await story.open(PLATFORM_FORM, { evidence: '' });
    const due = (await stage.caseOf(opened.number)).due_at as Date;
    stage.clock.set(new Date(due.getTime() + 1000));
    await stage.settle();
    await story.correct(PLATFORM_FORM, opened, { evidence: COMPLETE.evidence }, 0);
    expect(await stage.caseOf(opened.number)).toMatchObject({ state: 'expired', revision: 1 });
    expect(story.kinds(opened.email).at(-1)).toBe('edit-kept');
  });

  it('passes nothing while the intake cannot be read', async () => {
    const opened = await story.open(PLATFORM_FORM, { evidence: '' });
    const mend = breakIntake();
    stage.clock.advance(7 * DAY_MS);
    await stage.settle();
    mend();
    expect(await stage.caseOf(opened.number)).toMatchObject({ state: 'needs-correction' });
    await stage.settle();
    expect(await stage.caseOf(opened.number)).toMatchObject({ state: 'expired' });
  });

  it('begins anew for a case that is reopened, at the desk that returned it', async () => {
    const opened = await story.open(PLATFORM_FORM);
    await story.decide('platform', opened.number, '轉送市教專中心', '請查');
    await story.decide('city-center', opened.number, '退回補件', '請補證明');
    stage.clock.advance(7 * DAY_MS);
    await stage.settle();
    expect(await stage.caseOf(opened.number)).toMatchObject({ state: 'expired' });
    await story.act(opened.number, ACTIONS.reopen, '同意展延');
    expect(rowOf('city-center', opened.number)).toMatchObject({ state: '審核中' });
  });
});

/** Somebody overwrites the intake's first key; returns what puts it right. */
function breakIntake(): () => void {
  const { spreadsheetId, tabIds } = stage.documentOf('office');
  const write = (stringValue: string) =>
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [
        {
          updateCells: {
            start: { sheetId: tabIds.intake ?? 0, rowIndex: 0, columnIndex: 0 },
            rows: [{ values: [{ userEnteredValue: { stringValue } }] }],
            fields: 'userEnteredValue',
          },
        },
      ],
    });
  write('oops');
  return () => write('key');
}
