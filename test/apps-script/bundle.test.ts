import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressOf } from '../../contract/paths.ts';
import { PING_SIGNATURE_HEADER } from '../../contract/ping-shape.ts';
import { COMPLETE, DAY_MS, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
let times: number;
let blank: boolean;
beforeEach(async () => {
  times = 1;
  blank = false;
  stage = await openStage({ deliver: () => ({ times, blank }) });
});
afterEach(() => stage.close());

const intake = () => {
  const { spreadsheetId, tabIds } = stage.documentOf('office');
  const { valueRanges } = stage.google.emulator.sheets.valuesBatchGetByDataFilter(spreadsheetId, {
    dataFilters: [{ gridRange: { sheetId: tabIds.intake ?? 0, startRowIndex: 2 } }],
  });
  return (valueRanges?.[0]?.valueRange?.values ?? []) as string[][];
};

describe('the built bundle', () => {
  it('installs the sweep first and one trigger a form, and leaves them as they are when it runs again', async () => {
    const ids = () => stage.script.triggers().map(({ id }) => id);
    const before = ids();
    await stage.script.run(stage.formsScript, 'install');
    expect(ids()).toEqual(before);
    expect(stage.script.triggers().map((trigger) => trigger.handler)).toEqual([
      'sweep',
      ...stage.program.forms.map(() => 'onFormSubmit'),
    ]);
  });

  it('writes one intake row a response, with the edit link, also when the trigger fires twice', async () => {
    times = 2;
    const { editUrl } = await stage.submit('advanced-mentor-106-107', COMPLETE);
    await stage.script.idle();
    expect(intake()).toHaveLength(1);
    expect(intake()[0]).toContain(editUrl);
    expect(JSON.parse(intake()[0]?.[6] ?? '{}')).toMatchObject({ name: '王小明', school: '114601' });
  });

  it('takes thirty responses within one minute: Google gives its Sheets service sixty reads', async () => {
    stage.clock.advance(60_000);
    for (let index = 0; index < 30; index += 1) {
      await stage.submit('initial', { ...COMPLETE, name: `同時第${index}人` });
      await stage.script.idle();
    }
    expect(stage.script.failures()).toEqual([]);
    expect(intake()).toHaveLength(30);
  });

  it('writes one row a response also where many triggers run at once, and each twice', async () => {
    stage.clock.advance(60_000);
    times = 2;
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        stage.submit('initial', { ...COMPLETE, name: `齊來第${index}人` }),
      ),
    );
    expect(stage.script.failures()).toEqual([]);
    expect(intake()).toHaveLength(8);
    expect(new Set(intake().map(([key]) => key)).size).toBe(8);
  });

  it('finds by its sweep what no trigger reported', async () => {
    times = 0;
    await stage.submit('advanced-mentor-106-107', { ...COMPLETE, name: '沒有觸發' });
    await stage.script.idle();
    expect(intake()).toEqual([]);
    await stage.script.fireClock();
    expect(intake()).toHaveLength(1);
    await stage.script.fireClock();
    expect(intake()).toHaveLength(1);
  });

  it('answers a trigger without an event by a sweep', async () => {
    blank = true;
    await stage.submit('initial', { ...COMPLETE, name: '空的事件' });
    await stage.script.idle();
    expect(intake()).toHaveLength(1);
  });

  it('writes an edited response as a further row', async () => {
    const { editUrl } = await stage.submit('initial', { ...COMPLETE, name: '修改前' });
    // A trigger that comes late reads the response as it is by then; here each revision has its own.
    await stage.script.idle();
    stage.clock.advance(1000);
    await stage.submit('initial', { ...COMPLETE, name: '修改後' }, editUrl);
    await stage.script.idle();
    const rows = intake().slice(-2);
    expect(rows[0]?.[2]).toBe(rows[1]?.[2]);
    expect(rows[0]?.[0]).not.toBe(rows[1]?.[0]);
  });

  it('stores what looks like a formula as text', async () => {
    await stage.submit('initial', { ...COMPLETE, name: '=IMPORTXML("http://x.example")' });
    await stage.script.idle();
    expect(intake().at(-1)?.[6]).toContain('=IMPORTXML');
    expect(stage.script.failures()).toEqual([]);
  });
});

describe('the sweep', () => {
  it('goes through more responses than one portion, and writes each once', async () => {
    times = 0;
    for (let index = 0; index < 130; index += 1) {
      stage.clock.advance(1000);
      await stage.submit('initial', { ...COMPLETE, name: `第${index}人` });
    }
    await stage.script.fireClock();
    await stage.script.fireClock();
    expect(intake()).toHaveLength(130);
    expect(new Set(intake().map(([key]) => key)).size).toBe(130);
  });

  it('finds what came in also while another form is gone, and says so', async () => {
    times = 0;
    await stage.submit('advanced-mentor-106-107', { ...COMPLETE, name: '別的表單不在' });
    await stage.script.idle();
    const { forms } = stage.service.office;
    const { formId = '' } = stage.google.forms.create({ info: { title: 'gone' } });
    const office = {
      ...stage.service.office,
      forms: { gone: { formId: String(formId), fields: {} }, ...forms },
    };
    await stage.google.deploy({ ...stage.service, office }, { deliver: () => ({ times: 0 }) });
    stage.google.emulator.drive.delete(String(formId));
    await stage.script.fireClock();
    expect(intake()).toHaveLength(1);
    expect(stage.script.failures().at(-1)).toContain('gone');
  });
});

describe('a response that Google does not read out', () => {
  const names = () => intake().map((row) => (JSON.parse(row[6] ?? '{}') as { name?: string }).name);
  const alerts = () => stage.mails().filter((mail) => mail.subject.includes('Apps Script 有事要處理'));

  it('keeps no other from the intake, is told by its id, and comes in once it can be read', async () => {
    times = 0;
    const bad = await stage.submit('initial', { ...COMPLETE, name: '讀不出' });
    await stage.submit('initial', { ...COMPLETE, name: '同一表單' });
    await stage.submit('advanced-mentor-106-107', { ...COMPLETE, name: '別的表單' });
    const deliver = () => ({ times: 0 });
    stage.script.configure({ deliver, isUnreadable: (id) => id === bad.responseId });
    await stage.script.fireClock();
    expect(names().toSorted()).toEqual(['別的表單', '同一表單'].toSorted());
    expect(stage.script.failures().at(-1)).toContain(`initial/${bad.responseId}`);
    await stage.submit('initial', { ...COMPLETE, name: '後來的人' });
    await stage.script.fireClock();
    await stage.settle();
    expect(names()).toContain('後來的人');
    // What fails twice is told to the office, without anything that was typed.
    expect(alerts()).toHaveLength(stage.program.administrators.length);
    expect(alerts()[0]?.text).toContain(bad.responseId);
    expect(alerts()[0]?.text).not.toContain('讀不出');
    stage.script.configure({ deliver });
    await stage.script.fireClock();
    expect(names()).toHaveLength(4);
    expect(names()).toContain('讀不出');
  });

  it('does not make each sweep read everything: Google would stop all triggers for the day', async () => {
    const old = await stage.submit('initial', { ...COMPLETE, name: '從前的人' });
    await stage.script.idle();
    stage.clock.advance(3 * DAY_MS);
    await stage.script.fireClock();
    times = 0;
    const bad = await stage.submit('initial', { ...COMPLETE, name: '讀不出' });
    const asked: string[] = [];
    const isUnreadable = (id: string) => {
      asked.push(id);
      return id === bad.responseId;
    };
    stage.script.configure({ deliver: () => ({ times: 0 }), isUnreadable });
    stage.clock.advance(DAY_MS);
    await stage.script.fireClock();
    expect(asked).toContain(old.responseId);
    asked.length = 0;
    stage.clock.advance(600_000);
    await stage.script.fireClock();
    expect(asked).toContain(bad.responseId);
    expect(asked).not.toContain(old.responseId);
    stage.script.configure({ deliver: () => ({ times: 0 }) });
    await stage.script.fireClock();
    expect(names()).toContain('讀不出');
  });

  it('is also found by the sweep where the trigger has failed on it', async () => {
    stage.script.configure({ isUnreadable: () => true });
    await stage.submit('initial', { ...COMPLETE, name: '讀不出' });
    await stage.script.idle();
    expect(names()).toEqual([]);
    stage.script.configure({});
    await stage.script.fireClock();
    expect(names()).toEqual(['讀不出']);
  });
});

describe('the triggers', () => {
  const handlers = () => stage.script.triggers().map(({ handler, formId = '' }) => `${handler} ${formId}`);

  it('are put back by the sweep where they are missing or stand twice, and only those', async () => {
    const before = handlers().toSorted();
    const { script } = stage;
    const [sweep, first, second] = script.triggers();
    if (!sweep || !first || !second) throw new Error('three triggers');
    script.deleteTrigger(first);
    script.addTrigger({ ...second, id: 'twice' });
    // What the script of version 0.1 made for its menu.
    const { spreadsheetId } = stage.documentOf('office');
    const { scriptId } = sweep;
    script.addTrigger({ id: 'old', scriptId, handler: 'onOpenSheet', event: 'open', spreadsheetId });
    const failures = script.failures().length;
    await script.fireClock();
    expect(handlers().toSorted()).toEqual(before);
    expect(script.triggers()).toContain(sweep);
    expect(script.triggers()).toContain(second);
    expect(script.failures()).toHaveLength(failures);
  });

  it('that cannot be made are told to the office once a sweep has failed twice, and hold up none', async () => {
    const { script } = stage;
    const { formId } = stage.google.forms.create({ info: { title: 'lost' } });
    const office = {
      ...stage.service.office,
      forms: { lost: { formId: String(formId), fields: {} }, ...stage.service.office.forms },
    };
    stage.google.emulator.drive.delete(String(formId));
    for (const trigger of script.triggers()) script.deleteTrigger(trigger);
    await stage.google.deploy({ ...stage.service, office });
    expect(script.triggers().map(({ handler }) => handler)).toEqual([
      'sweep',
      ...stage.program.forms.map(() => 'onFormSubmit'),
    ]);
    expect(await script.run(stage.formsScript, 'install')).toEqual([
      expect.stringContaining('onFormSubmit（lost）'),
      expect.stringContaining('設定表單 lost'),
    ]);
    const alerts = () => stage.mails().filter((mail) => mail.subject.includes('Apps Script 有事要處理'));
    await script.fireClock();
    await stage.service.cycle();
    expect(alerts()).toEqual([]);
    await script.fireClock();
    await stage.service.cycle();
    await stage.service.cycle();
    expect(alerts()).toHaveLength(stage.program.administrators.length);
    expect(alerts()[0]?.text).toContain('onFormSubmit（lost）');
    stage.clock.advance(DAY_MS);
    await script.fireClock();
    await stage.service.cycle();
    expect(alerts()).toHaveLength(2 * stage.program.administrators.length);
    await stage.google.deploy(stage.service, { deliver: () => ({ times, blank }) });
    await script.fireClock();
    stage.clock.advance(DAY_MS);
    await stage.service.cycle();
    expect(alerts()).toHaveLength(2 * stage.program.administrators.length);
  });
});

describe('the ping', () => {
  const ping = (change: { secret?: string; timestamp?: number; nonce?: string; problems?: unknown } = {}) => {
    const body = JSON.stringify({
      ...(change.problems === undefined ? {} : { problems: change.problems }),
      about: 'initial',
      timestamp: change.timestamp ?? stage.clock.now().getTime(),
      nonce: change.nonce ?? 'nonce-0123456789abcdef',
    });
    const signature = createHmac('sha256', change.secret ?? stage.service.pingSecret)
      .update(body)
      .digest('hex');
    return fetch(addressOf(stage.service.web.url, 'ping'), {
      method: 'POST',
      body,
      headers: { [PING_SIGNATURE_HEADER]: signature },
    });
  };

  it('is taken once, and refused when replayed, forged or old', async () => {
    expect((await ping()).status).toBe(200);
    expect((await ping()).status).toBe(409);
    expect((await ping({ secret: 'other', nonce: 'nonce-1123456789abcdef' })).status).toBe(401);
    expect((await ping({ timestamp: 0, nonce: 'nonce-2123456789abcdef' })).status).toBe(401);
    expect((await ping({ problems: '壞', nonce: 'nonce-3123456789abcdef' })).status).toBe(400);
    expect((await ping({ problems: ['壞'.repeat(200)], nonce: 'nonce-4123456789abcdef' })).status).toBe(200);
  });
});
