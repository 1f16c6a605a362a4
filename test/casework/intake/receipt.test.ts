import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUEUE } from '../../../contract/tabs.ts';
import { DAY_MS, openStage, type Stage } from '../../stage/stage.ts';
import { storyOn } from '../../stage/story.ts';

let stage: Stage;
let story: ReturnType<typeof storyOn>;
beforeEach(async () => {
  stage = await openStage();
  story = storyOn(stage);
});
afterEach(() => stage.close());

const FORM = 'advanced-mentor-106-107';
const rowOf = (queue: string, number: string) =>
  stage.readTab(queue, 'queue', QUEUE).rows.find((row) => row.cells.case === number)?.cells;

describe('the day of the first receipt', () => {
  it('stands for a correction too: neither age nor year is counted from the day of the edit', async () => {
    const opened = await story.open(FORM, {
      level: '教學輔導教師',
      'school-year': '99',
      'certificate-number': '臺教師(三)字第0990000001號',
    });
    expect(rowOf('city-center', opened.number)?.findings).toBe('');
    // In the next school year the certificate is ten years old.
    await story.correct(FORM, opened, { note: '補充說明' }, 130 * DAY_MS);
    expect(rowOf('city-center', opened.number)).toMatchObject({ revision: 2, findings: '' });
  });
});

describe('the same certificate from another address', () => {
  it('is reviewed beside the earlier case, and the mail says where that one writes, masked', async () => {
    const number = '臺教師(三)字第1060077777號';
    const first = await story.open(FORM, { name: '林小美', 'certificate-number': number });
    const second = await story.open(FORM, {
      name: '林小美',
      'certificate-number': number,
      email: 'mei@example.net',
    });
    expect(rowOf('platform', second.number)?.findings).toContain('留的是另一個信箱');
    const [mail] = stage.mailsTo('mei@example.net');
    expect(mail?.text).toContain(`先前已有案件 ${first.number}`);
    expect(mail?.text).toContain(`${first.email[0]}***@example.com`);
    expect(mail?.text).not.toContain(first.email);
  });
});
