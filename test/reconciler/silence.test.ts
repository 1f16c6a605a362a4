import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

const HOUR_MS = 3600_000;
const FORM = 'advanced-mentor-106-107';

let stage: Stage;
/** Each question about a file itself, and not about what is in it. */
let looks: string[];
beforeEach(async () => {
  looks = [];
  const googleFault = ({ method, path }: { method: string; path: string }) => {
    if (method === 'GET' && /^\/drive\/v3\/files\/[^/]+$/u.test(path)) looks.push(path);
    return null;
  };
  stage = await openStage({ googleFault });
});
afterEach(() => stage.close());

const told = (words: string) => stage.mails().filter(({ subject }) => subject.includes(words));
const digests = () => told('每日彙整').map(({ text }) => text.replaceAll(/\s+/gu, ''));
const trash = (fileId: string, trashed: boolean) => stage.google.emulator.drive.update(fileId, { trashed });
/** The next morning, after eight o'clock. */
async function nextMorning({ sweep = false } = {}) {
  const now = stage.clock.now();
  const next = new Date(now.getTime() + 24 * HOUR_MS);
  next.setUTCHours(0, 30, 0, 0);
  stage.clock.advance(next.getTime() - now.getTime());
  if (sweep) await stage.script.fireClock();
  await stage.settle();
}

describe('a script that never ran', () => {
  it('is told within a day, once, and stands in every digest until it runs', async () => {
    await stage.settle();
    stage.clock.advance(HOUR_MS);
    await stage.settle();
    expect(told('沒有回報')).toEqual([]);
    await nextMorning();
    await nextMorning();
    expect(told('沒有回報')).toHaveLength(stage.program.administrators.length);
    expect(digests().at(-1)).toContain('收件：AppsScript從');
    await nextMorning({ sweep: true });
    expect(told('沒有回報')).toHaveLength(stage.program.administrators.length);
    expect(digests().at(-1)).not.toContain('收件：');
  });
});

describe('a file in the trash', () => {
  it.each([
    ['the queue', '「平臺」的試算表', () => stage.documentOf('platform').spreadsheetId],
    ['a form', '表單「', () => stage.service.office.forms[FORM]?.formId ?? ''],
  ])('%s: the office is told the next morning, and no more once it is back', async (_what, name, idOf) => {
    await stage.submit(FORM, COMPLETE);
    await stage.settle();
    trash(idOf(), true);
    await nextMorning();
    const [mail] = told('垃圾桶');
    expect(mail?.text).toContain(name);
    expect(digests().at(-1)).toMatch(/收件：.*在垃圾桶裡/u);
    const count = told('垃圾桶').length;
    trash(idOf(), false);
    await nextMorning();
    expect(told('垃圾桶')).toHaveLength(count);
    expect(digests().at(-1)).not.toContain('垃圾桶');
  });

  it('is looked for once a day, whatever else happens', async () => {
    const looked = () => looks.splice(0).length;
    await stage.settle();
    looked();
    await stage.settle();
    expect(looked()).toBe(0);
    await nextMorning();
    expect(looked()).toBe(1 + stage.program.queues.length + stage.program.forms.length);
    await stage.settle();
    expect(looked()).toBe(0);
  });
});
