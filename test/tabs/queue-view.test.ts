import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AnswerKey, answerKey, keysOf, QUEUE, type QueueKey } from '../../contract/tabs.ts';
import {
  readRocDateTime,
  sortableRocDate,
  sortableRocDateTime,
} from '../../sync-service/src/cases/calendar/roc.ts';
import { writeValue } from '../../sync-service/src/ledger/key-values.ts';
import { queueTabs } from '../../sync-service/src/tabs/registry.ts';
import { taipei } from '../cases/helpers.ts';
import { GRACE_MS, openStage, type Stage } from '../stage/stage.ts';
import { storyOn } from '../stage/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const FORM = 'advanced-mentor-106-107';
const spec = (queue: string) => {
  const found = queueTabs([stage.program], queue).find(({ key }) => key === 'queue');
  if (!found) throw new Error(`no queue ${queue}`);
  return found.spec;
};
const row = (queue: string, number: string) =>
  stage.readTab(queue, 'queue', spec(queue)).rows.find(({ cells }) => cells.case === number);
const sheetOf = (queue: string) => {
  const { spreadsheetId, tabIds } = stage.documentOf(queue);
  const { sheets } = stage.google.emulator.sheets.get(spreadsheetId, { includeGridData: true });
  return sheets?.find(({ properties }) => properties?.sheetId === tabIds.queue);
};
const listIn = (queue: string, number: string) => {
  const index = row(queue, number)?.index ?? -1;
  const { columns } = stage.readTab(queue, 'queue', QUEUE);
  const cell = sheetOf(queue)?.data?.[0]?.rowData?.[index]?.values?.[columns.decision];
  return cell?.dataValidation?.condition?.values?.map(({ userEnteredValue }) => userEnteredValue) ?? [];
};

/** What a reviewer decides by, and the decision. */
const IN_ONE_VIEW: QueueKey[] = [
  ...([
    'case',
    'name',
    'school',
    'level',
    'schoolYear',
    'certificateNumber',
    'evidence',
    'findings',
  ] as const),
  ...(['decision', 'reason', 'ready'] as const),
];
/** Google's column of row numbers, and the scroll bar. */
const FRAME = 46 + 17;

describe('the queue tab', () => {
  it('shows in 1,280 pixels what a decision rests on, and the decision, by the sheet itself', () => {
    for (const queue of ['platform', 'city-center', 'ministry']) {
      const { columns } = stage.readTab(queue, 'queue', QUEUE);
      const widths = (sheetOf(queue)?.data?.[0]?.columnMetadata ?? []).map(
        ({ pixelSize }) => pixelSize ?? 100,
      );
      const last = Math.max(...IN_ONE_VIEW.map((key) => columns[key]));
      const view = widths.slice(0, last + 1).reduce((sum, width) => sum + width, FRAME);
      expect(view).toBeLessThanOrEqual(1280);
    }
  });

  it('hides columns in which nothing can stand there', () => {
    const hidden = (queue: string, key: QueueKey) =>
      sheetOf(queue)?.data?.[0]?.columnMetadata?.[stage.readTab(queue, 'queue', QUEUE).columns[key]]
        ?.hiddenByUser ?? false;
    for (const key of ['description', 'handover', 'letter'] as const)
      expect([key, hidden('platform', key)]).toEqual([key, false]);
  });

  it('shows them again once a program can fill them, and hides what it cannot fill any more', async () => {
    const hidden = () =>
      sheetOf('platform')?.data?.[0]?.columnMetadata?.[
        stage.readTab('platform', 'queue', QUEUE).columns.handover
      ]?.hiddenByUser ?? false;
    const { outcomes } = stage.program;
    await stage.restart((program) => ({
      ...program,
      outcomes: outcomes.filter(({ trigger }) => trigger !== 'forwarded'),
    }));
    await stage.settle();
    expect(hidden()).toBe(true);
    await stage.restart((program) => ({ ...program, outcomes }));
    await stage.settle();
    expect(hidden()).toBe(false);
  });

  it('has a column for 備註 and for each question of the program’s own, unless it says `show: false`', async () => {
    const { number } = await storyOn(stage).open(FORM, { note: '請於上班時間聯絡' });
    const { note, display } = { note: answerKey('note'), display: answerKey('platform-display') };
    expect(row('platform', number)?.cells).toMatchObject({
      [note]: '請於上班時間聯絡',
      [display]: '未顯示證書',
    });
    await stage.restart((program) => ({
      ...program,
      forms: program.forms.map((form) => ({
        ...form,
        fields: [
          ...form.fields.map((field) => (field.key === 'note' ? { ...field, show: false } : field)),
          {
            key: 'role',
            title: '職稱',
            help: '',
            type: 'text',
            required: false,
            show: true,
            sensitive: false,
          },
        ],
      })),
    }));
    await stage.settle();
    expect(row('platform', number)?.cells).toMatchObject({ [answerKey('role')]: '' });
    const { missing } = stage.readTab('platform', 'queue', spec('platform'));
    expect(missing).toEqual([]);
    const keys: string[] = keysOf(spec('platform'));
    expect(keys.filter((key) => key.startsWith('answer/'))).toEqual([
      answerKey('platform-display'),
      answerKey('role'),
    ] satisfies AnswerKey[]);
  });

  it('offers in each row what that case can take, and renews the list when the case moves on', async () => {
    const story = storyOn(stage);
    const { number } = await story.open('advanced-mentor-105-earlier', { 'school-year': '104' });
    const enquiry = await story.open('training-record-problem', { description: '查無紀錄' });
    expect(listIn('city-center', number)).toContain('審核通過，列入函報');
    expect(listIn('city-center', number)).not.toContain('回覆');
    expect(listIn('city-center', enquiry.number)).toContain('回覆');
    expect(listIn('city-center', enquiry.number)).not.toContain('不予登錄');
  });
});

describe('a tick', () => {
  const tick = async (number: string, cells: Partial<Record<QueueKey, string | boolean>> = {}) => {
    stage.type('platform', 'queue', QUEUE, number, { decision: '通過登錄', ready: true, ...cells });
    await stage.google.scripts.idle();
    await stage.service.cycle();
  };

  it('is answered in its row with the time at which it takes effect, and unticking undoes it', async () => {
    const { number } = await storyOn(stage).open(FORM);
    stage.clock.set(taipei('2020-04-21 09:03:00'));
    await tick(number);
    expect(row('platform', number)?.cells.result).toBe('已收到，09:05 生效；取消勾選即復原');
    stage.type('platform', 'queue', QUEUE, number, { ready: false });
    await stage.settle();
    expect(row('platform', number)?.cells.result).toBe('');
    stage.clock.advance(GRACE_MS);
    await stage.settle();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'in-review' });
  });

  it('is unticked where somebody changes the decision or the reason after it', async () => {
    const { number } = await storyOn(stage).open(FORM);
    await tick(number);
    stage.type('platform', 'queue', QUEUE, number, { decision: '不予登錄', reason: '證書不符' });
    await stage.afterGrace();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'in-review' });
    expect(row('platform', number)?.cells).toMatchObject({
      ready: false,
      decision: '不予登錄',
      result: '勾選之後，本列又有人改了填寫的內容，決定未採用。請確認內容後再勾選一次。',
    });
  });

  it('stands where a name or a note is added', async () => {
    const { number } = await storyOn(stage).open(FORM);
    await tick(number);
    stage.type('platform', 'queue', QUEUE, number, { reviewer: '王大明', note: '已電話確認' });
    await stage.afterGrace();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'registered' });
  });

  it.each(['service', 'Teacher', 'system', '系統'])('is refused under the name %s', async (reviewer) => {
    const { number } = await storyOn(stage).open(FORM);
    await tick(number, { reviewer });
    expect(row('platform', number)?.cells).toMatchObject({
      ready: false,
      result: expect.stringContaining('是系統記錄用的名稱'),
    });
  });
});

describe('dates in cells', () => {
  const instant = fc.date({
    min: taipei('1920-01-01 00:00:00'),
    max: taipei('2200-01-01 00:00:00'),
    noInvalidDate: true,
  });

  it('sort as texts as they do in time', () => {
    fc.assert(
      fc.property(instant, instant, (one, other) => {
        const minutes = (at: Date) => Math.floor(at.getTime() / 60_000);
        const order = Math.sign(minutes(one) - minutes(other));
        const [a, b] = [sortableRocDateTime(one), sortableRocDateTime(other)];
        expect(a < b ? -1 : a > b ? 1 : 0).toBe(order);
        const [day, next] = [sortableRocDate(one), sortableRocDate(other)];
        if (day !== next) expect(day < next).toBe(one < other);
      }),
    );
  });

  it('are read back to the minute, also as an earlier release wrote them', () => {
    fc.assert(
      fc.property(instant, (at) => {
        const minute = Math.floor(at.getTime() / 60_000) * 60_000;
        expect(readRocDateTime(sortableRocDateTime(at))?.getTime()).toBe(minute);
      }),
    );
    expect(sortableRocDateTime(taipei('2020-05-05 09:08:59'))).toBe('109/05/05（二）09:08');
    expect(readRocDateTime('109年5月5日（二）上午9時8分')).toEqual(taipei('2020-05-05 09:08:00'));
  });
});

describe('an office that exists', () => {
  /** Puts the columns of the platform’s queue into another order, as an earlier release had them. */
  const reorder = (order: readonly string[]) => {
    const { spreadsheetId, tabIds } = stage.documentOf('platform');
    const sheetId = tabIds.queue ?? 0;
    const answers = keysOf(spec('platform')).filter((key) => key.startsWith('answer/'));
    for (const key of answers) {
      const at = stage.readTab('platform', 'queue', spec('platform')).columns[key] ?? 0;
      const range = { sheetId, dimension: 'COLUMNS', startIndex: at, endIndex: at + 1 };
      stage.google.emulator.sheets.batchUpdate(spreadsheetId, { requests: [{ deleteDimension: { range } }] });
    }
    for (const [index, key] of order.entries()) {
      const { columns } = stage.readTab('platform', 'queue', QUEUE);
      const at = columns[key as QueueKey];
      if (at === index) continue;
      const source = { sheetId, dimension: 'COLUMNS', startIndex: at, endIndex: at + 1 };
      stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
        requests: [{ moveDimension: { source, destinationIndex: index } }],
      });
    }
  };
  const orderNow = () => {
    const { columns } = stage.readTab('platform', 'queue', spec('platform'));
    return keysOf(spec('platform')).toSorted((one, other) => (columns[one] ?? 0) - (columns[other] ?? 0));
  };

  it.each(
    (QUEUE.formerOrders ?? []).map((order) => order.split(' ')),
  )('gets the new order of columns where it still has %s %s %s …, its rows and ticks with it', async (...order) => {
    const { number } = await storyOn(stage).open(FORM);
    reorder(order);
    stage.paste('platform', 'queue', QUEUE, row('platform', number)?.index ?? 0, {
      decision: '通過登錄',
      ready: true,
    });
    await writeValue(stage.service.store.db, 'layout/queue:platform/queue', '3');
    // The first cycle brings the columns; the tick is seen from the second one on.
    await stage.settle();
    await stage.afterGrace();
    expect(orderNow()).toEqual(keysOf(spec('platform')));
    expect(row('platform', number)).toBeUndefined();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'registered' });
    expect(await stage.service.cycle()).toMatchObject({ written: 0, paused: [], failed: [] });
  });

  it('keeps an order that a person has made', async () => {
    const [former = ''] = QUEUE.formerOrders ?? [];
    const own = former.split(' ').toReversed();
    await storyOn(stage).open(FORM);
    reorder(own);
    const before = orderNow().filter((key) => !key.startsWith('answer/'));
    await writeValue(stage.service.store.db, 'layout/queue:platform/queue', '3');
    await stage.settle();
    expect(orderNow().filter((key) => !key.startsWith('answer/'))).toEqual(before);
  });
});
