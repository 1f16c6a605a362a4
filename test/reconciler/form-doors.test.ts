import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SETTINGS } from '../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

const FORM = 'advanced-mentor-106-107';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  await stage.settle();
});
afterEach(() => stage.close());

const formId = () => stage.service.office.forms[FORM]?.formId ?? '';
/** What somebody who is signed in to nothing meets at the responder's link. */
const asStranger = async (query = '') => {
  const address = `${stage.google.emulator.url}/forms/d/e/${formId()}/viewform${query}`;
  const response = await fetch(address, { redirect: 'manual' });
  return {
    status: response.status,
    location: response.headers.get('location') ?? '',
    text: await response.text(),
  };
};
const published = () =>
  stage.google.emulator.drive.permissions(formId(), 'published').filter(({ view }) => view === 'published');

describe("an office's form", () => {
  it('is open to anybody with its link, who may not open its editor', async () => {
    expect(await asStranger()).toMatchObject({ status: 200, text: expect.stringContaining('證書字號') });
    expect(published()).toMatchObject([{ type: 'anyone', role: 'reader', view: 'published' }]);
    const editor = await fetch(`${stage.google.emulator.url}/v1/forms/${formId()}`, {
      headers: { authorization: 'Bearer stranger@example.com' },
    });
    expect(editor.status).toBe(403);
  });

  it("has what only the script can set: edits allowed, no summary of others' answers, its own words", async () => {
    expect(stage.google.forms.presentation(formId())).toEqual({
      allowResponseEdits: true,
      publishingSummary: false,
      confirmationMessage: expect.stringContaining('已收到您的回應'),
      customClosedFormMessage: expect.stringContaining('目前不受理填報'),
    });
    // Somebody changes it in the form's editor; the next sweep puts it back.
    stage.google.forms.present(formId(), { allowResponseEdits: false, publishingSummary: true });
    await stage.script.fireClock();
    expect(stage.google.forms.presentation(formId())).toMatchObject({
      allowResponseEdits: true,
      publishingSummary: false,
    });
  });

  it('is closed and opened by the switch 開放填報, with its own message', async () => {
    const row = `form/${FORM}/open`;
    stage.type('office', 'settings', SETTINGS, row, { value: '否' });
    await stage.settle();
    const closed = await asStranger();
    expect([closed.status, closed.location]).toEqual([302, `/forms/d/e/${formId()}/closedform`]);
    const page = await (await fetch(`${stage.google.emulator.url}${closed.location}`)).text();
    expect(page).toContain('目前不受理填報');
    expect(page).toContain('02-00000000');
    await expect(stage.submit(FORM, COMPLETE)).rejects.toThrow('不接受回應');
    stage.type('office', 'settings', SETTINGS, row, { value: '' });
    await stage.settle();
    expect((await asStranger()).status).toBe(200);
  });

  it('is opened again after a person closed it by hand', async () => {
    stage.google.forms.setPublishSettings(formId(), { publishSettings: { publishState: {} } });
    expect((await asStranger()).status).toBe(404);
    stage.clock.advance(11 * 60_000);
    await stage.settle();
    expect((await asStranger()).status).toBe(200);
  });

  it('is narrowed to the domain that the program file names', async () => {
    await stage.restart((program) => ({ ...program, responders: 'domain:example.edu.tw' }));
    await stage.settle();
    expect(published()).toMatchObject([{ type: 'domain', domain: 'example.edu.tw', view: 'published' }]);
    expect((await asStranger()).location).toMatch(/^\/ServiceLogin/u);
    expect((await asStranger('?authuser=teacher@example.edu.tw')).status).toBe(200);
    expect((await asStranger('?authuser=teacher@elsewhere.example')).status).toBe(403);
    await stage.restart((program) => ({ ...program, responders: 'anyone' }));
    await stage.settle();
    expect((await asStranger()).status).toBe(200);
  });

  it('stays open behind its window while a correction is awaited, and closes when none is', async () => {
    const { editUrl } = await stage.submit(FORM, { ...COMPLETE, school: '' });
    await stage.settle();
    // The last day of the window passes within the days of the correction.
    stage.clock.advance(Date.parse('2020-07-30T04:00:00Z') - stage.clock.now().getTime());
    const late = await stage.submit(FORM, {
      ...COMPLETE,
      school: '',
      email: 'second@example.com',
      name: '李大同',
    });
    await stage.settle();
    stage.clock.advance(2 * 24 * 3600_000 + 3600_000);
    await stage.settle();
    expect((await asStranger()).status).toBe(200);
    await stage.submit(FORM, { ...COMPLETE, email: 'second@example.com', name: '李大同' }, late.editUrl);
    await stage.settle();
    await stage.settle();
    expect(editUrl).not.toBe(late.editUrl);
    expect((await asStranger()).location).toMatch(/closedform$/u);
  });
});
