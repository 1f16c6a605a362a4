import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEMPLATES } from '../../contract/tabs.ts';
import { query } from '../../sync-service/src/ledger/query.ts';
import { saveSetting } from '../../sync-service/src/ledger/settings.ts';
import { createRenderer } from '../../sync-service/src/notices/render.ts';
import type { NoticeKind } from '../../sync-service/src/notices/types.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  await stage.settle();
});
afterEach(() => stage.close());

const original = createRenderer().original;
const row = (kind: NoticeKind) =>
  stage.readTab('office', 'templates', TEMPLATES).rows.find(({ cells }) => cells.kind === kind)?.cells;
const template = () => row('acknowledgement');
const type = async (kind: NoticeKind, cells: { subject?: string; body?: string }) => {
  stage.type('office', 'templates', TEMPLATES, kind, cells);
  await stage.settle();
};
const submit = async (email: string, other: Partial<typeof COMPLETE> = {}) => {
  await stage.submit('initial', { ...COMPLETE, email, name: email.slice(0, 1), ...other });
  await stage.settle();
  return stage.mailsTo(email)[0];
};
const alerts = () =>
  stage.mailsTo('admin@office.example').filter(({ subject }) => subject.includes('自訂的通知文字'));

describe('the templates tab', () => {
  it('shows the words in force, and nothing in the cells that nobody has typed into', async () => {
    const { subject, body } = original('reminder');
    expect(row('reminder')).toMatchObject({ currentSubject: subject, currentBody: body });
    expect(row('reminder')).toMatchObject({ subject: '', body: '', problem: '' });
    await type('reminder', { subject: '快到期了：{{caseNumber}}' });
    expect(row('reminder')).toMatchObject({
      currentSubject: '快到期了：{{caseNumber}}',
      currentBody: body,
      problem: '',
    });
    await type('reminder', { subject: '' });
    expect(row('reminder')).toMatchObject({ currentSubject: subject, problem: '' });
  });

  it('keeps the buttons of a letter whose subject alone was worded', async () => {
    await type('acknowledgement', { subject: '收到了（{{caseNumber}}）' });
    const mail = await submit('buttons@example.com');
    expect(mail?.subject).toBe('收到了（TN109-000001）');
    expect(mail?.html).toMatch(/background: #1f6f5c[^>]*>查詢辦理進度</u);
  });

  it('leaves out control characters that were pasted with the words', async () => {
    const body = `${original('acknowledgement').body}\n一\u0000段\u0007話\uffff`;
    await type('acknowledgement', { subject: '收\u0000到\u001b了\u000b（{{caseNumber}}）', body });
    expect(template()).toMatchObject({ problem: '' });
    const mail = await submit('pasted@example.com');
    expect(mail?.subject).toBe('收到了 （TN109-000001）');
    expect(mail?.text).toContain('一段話');
    // Half a variable is a mistake that is told, not a letter that stops.
    await type('acknowledgement', { body: '{{case\u0000Number}} {{track\u0007}}' });
    expect(String(template()?.problem)).toContain('track');
  });

  it('leaves alone what is copied there to be changed, and takes it when it says something else', async () => {
    const { body } = original('registered');
    await type('registered', { body });
    expect(row('registered')).toMatchObject({ body, currentBody: body, problem: '' });
    const changed = `${body}\n承辦人敬上`;
    await type('registered', { body: changed });
    expect(row('registered')).toMatchObject({ body: changed, currentBody: changed, problem: '' });
  });

  it('warns of a reminder without its link, and uses it', async () => {
    await type('reminder', { body: '{{maskedName}}老師好，請於{{deadline}}前補正。' });
    expect(row('reminder')?.problem).toContain('已採用，但內文沒有連結 {{editUrl}}');
    expect(row('reminder')?.currentBody).toContain('請於{{deadline}}前補正');
  });

  it('refuses a broken template in words, keeps the last good one, and takes it mended', async () => {
    stage.type('office', 'templates', TEMPLATES, 'acknowledgement', { subject: '收到 {{nonsense}}' });
    await stage.settle();
    expect(template()?.problem).toContain('範本無法使用');
    expect(template()?.problem).toContain('主旨第 1 行第 6 個字：沒有「nonsense」這個資料');
    expect(template()?.problem).toContain('{{caseNumber}} 案號');
    expect(template()?.currentSubject).toBe(original('acknowledgement').subject);
    await stage.submit('initial', { ...COMPLETE, email: 'first@example.com', name: '甲' });
    await stage.settle();
    expect(stage.mailsTo('first@example.com')[0]?.subject).toContain('已收到您的填報');
    stage.type('office', 'templates', TEMPLATES, 'acknowledgement', {
      subject: '收到您的填報（{{caseNumber}}）',
    });
    await stage.settle();
    expect(template()?.problem).toBe('');
    const audit = await query(stage.service.store.db)
      .selectFrom('audit')
      .selectAll()
      .where('subject', '=', 'template/acknowledgement')
      .orderBy('id')
      .execute();
    // The broken words were never in force: one change is on record, not two.
    expect(audit).toHaveLength(1);
    expect(audit[0]?.actor).toBe('templates tab');
    expect(audit[0]?.before).toContain('已收到您的填報');
    expect(audit[0]?.before).not.toContain('nonsense');
    expect(audit[0]?.after).toContain('收到您的填報（{{caseNumber}}）');
    await stage.submit('initial', {
      ...COMPLETE,
      email: 'second@example.com',
      name: '乙',
      'certificate-number': '另字第2號',
    });
    await stage.settle();
    expect(stage.mailsTo('second@example.com')[0]?.subject).toMatch(/^收到您的填報（TN109-\d{6}）$/u);
    const preview = await fetch(String(template()?.preview));
    expect(preview.status).toBe(200);
    expect(await preview.text()).toContain('<td><code>{{caseNumber}}</code></td><td>案號</td>');
  });
});

describe('words that an earlier release took and this one does not', () => {
  const words = JSON.stringify({ subject: '請補正', body: '{{log editUrl}}請補正：{{editUrl}}' });
  beforeEach(async () => {
    const program = stage.program.key;
    const key = 'template/correction-request';
    await saveSetting(stage.service.store.db, { program, key, value: words, typed: words, problem: '' });
    stage.type('office', 'templates', TEMPLATES, 'correction-request', JSON.parse(words));
    await stage.settle();
  });

  it('are told in their row; the original ones go out, deadlines run, and the office is told once', async () => {
    expect(row('correction-request')).toMatchObject({
      problem: expect.stringContaining('不能寫「log」'),
      currentSubject: original('correction-request').subject,
    });
    expect(alerts()).toEqual([]);
    for (const email of ['a@example.com', 'b@example.com']) {
      const mail = await submit(email, { school: '霍格華茲國小' });
      expect(mail?.subject).toContain('至109年4月27日（一）止（含當日）');
      expect(mail?.html).toContain('打開原填報並補正');
    }
    const dues = await query(stage.service.store.db).selectFrom('cases').select('due_at').execute();
    expect(dues.map(({ due_at }) => due_at)).toEqual([expect.any(Date), expect.any(Date)]);
    expect(alerts()).toHaveLength(1);
    expect(alerts()[0]?.text).toContain('「補正通知」改用系統原來的文字寄出，期限照算');
    const preview = await fetch(String(row('correction-request')?.preview));
    expect(await preview.text()).toContain('自訂的文字無法使用，這是系統原來的文字');
  });
});
