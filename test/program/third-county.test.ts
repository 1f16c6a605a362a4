import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRegister } from '../../sync-service/src/cases/register.ts';
import { triage } from '../../sync-service/src/cases/triage.ts';
import type { ProgramError } from '../../sync-service/src/program/error.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { taipei } from '../cases/helpers.ts';

/** Another imagined county: pre-registration, the schools' own lists, role, level of school, cut-off at 110, a notice. */
const FIELDS = `
      - { key: email, title: 信箱, type: email }
      - { key: name, title: 姓名, type: text }
      - { key: school, title: 學校, type: text }
      - { key: consent, title: 同意, type: consent, options: [{ value: 我同意 }] }`;
const ROUTES = `
  - { key: interest, when: { purpose: pre-registration }, form: pre-registration, stages: [record] }
  - { key: too-soon, when: { schoolYear: { from: 110 } }, form: null, stages: [ministry] }
  - { key: deputies, when: { form: application, role: [代理教師, 代課教師] }, form: application, stages: [personnel] }
  - { key: seniors, when: { sent: pre-registration, listed: school-list, schoolLevel: senior }, form: application, stages: [senior-review] }
  - { key: others, when: { sent: pre-registration, listed: school-list }, form: application, stages: [review] }
  - { key: unlisted, when: { sent: pre-registration }, form: application, stages: [ask-school], next: 請學校補報名冊。 }
  - { key: unregistered, when: {}, form: null, stages: [register-first], next: 請先填意願登記。 }`;
const yaml = (routes = ROUTES) => `
key: third
title: 青山縣登錄
office: 青山縣政府
casePrefix: QS111
schools: { file: schools.csv }
contacts: {}
queues:
  - { key: desk, label: 承辦, window: { daysAfterNotice: 10 } }
  - { key: senior-desk, label: 高中職承辦 }
rosters: [{ key: school-list, title: 學校報送名冊, file: teachers.csv }]
forms:
  - key: pre-registration
    title: 意願登記
    purpose: pre-registration
    privacyNotice: &privacy { office: o, purpose: p, classes: c, use: u, rights: r, consequence: c }
    window: { from: 111-02-01, to: 111-02-28 }
    fields:${FIELDS}
  - key: application
    title: 正式申請
    privacyNotice: *privacy
    window: { notice: 111-03-01, daysAfterNotice: 14 }
    fields:${FIELDS}
      - { key: level, title: 類別, type: choice, options: [{ value: 進階 }, { value: 教輔 }] }
      - { key: school-year, title: 學年度, type: text }
      - { key: role, title: 身分, type: choice, options: [{ value: 編制內 }, { value: 代理教師 }, { value: 代課教師 }] }
stages:
  record: { label: 登記, kind: record-only }
  ministry: { label: 請洽教育部, kind: redirect-only }
  register-first: { label: 請先登記, kind: redirect-only }
  personnel: { label: 人事查核, kind: answer-only, queue: desk }
  ask-school: { label: 洽學校補報, kind: answer-only, queue: desk }
  review: { label: 審核, kind: review, queue: desk }
  senior-review: { label: 高中職審核, kind: review, queue: senior-desk }
routes:${routes}
outcomes:
  - { key: approve, label: 通過, trigger: approved, stages: [review] }
  - { key: answer, label: 回覆, trigger: answered, stages: [answer-only] }
`;

const folder = mkdtempSync(join(tmpdir(), 'budeng-third-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
write(
  'schools.csv',
  'code,name,county,level\n100601,縣立山腳國小,青山縣,elementary\n100401,縣立山頂高中,青山縣,senior\n',
);
write('teachers.csv', '\ufeff姓名,學校,類別,備註\n 王 小明 ,山腳國小,進階,x\n李大華,100401,,\n陳不明,,,\n');
const load = (text = yaml()) => {
  write('third.yaml', text);
  return loadProgram(join(folder, 'third.yaml'));
};
const program = await load();

function receive(...entries: [form: string, answers: Record<string, string>, at?: string][]) {
  const register = createRegister();
  const verdicts = entries.map(([form, answers, at], i) => {
    const day = at ?? (form === 'application' ? '2022-03-10 09:00:00' : '2022-02-10 09:00:00');
    const base = { email: 'a@example.org', name: '王小明', school: '山腳國小', consent: '我同意' };
    const receivedAt = taipei(day);
    const submission = {
      form,
      responseId: `r${i}`,
      revision: receivedAt.toISOString(),
      receivedAt,
      answers: { ...base, level: '進階', 'school-year': '109', role: '編制內', ...answers },
      editUrl: '',
    };
    const verdict = triage(program, submission, register);
    register.enter(`r${i}`, form, verdict);
    return verdict;
  });
  return verdicts.at(-1);
}
const applied = (answers: Record<string, string> = {}, before: Record<string, string> = answers) =>
  receive(['pre-registration', before], ['application', answers]);

describe('a county with pre-registration, rosters, roles and a cut-off of its own', () => {
  it('takes up who registered before and stands in the list of the school', () => {
    expect(applied()).toMatchObject({ outcome: 'review', queue: 'desk', route: 'others' });
    expect(applied()?.explanation[0]?.because).toContain('先前已填「意願登記」、列於「學校報送名冊」');
    expect(applied({ name: '李大華', school: '100401' })).toMatchObject({
      route: 'seniors',
      queue: 'senior-desk',
    });
    expect(applied({ name: '陳不明' })).toMatchObject({ route: 'others' });
  });
  it('asks the school where list and file differ: name, school or class', () => {
    for (const answers of [{ name: '林某某' }, { name: '李大華' }, { level: '教輔' }] as Record<
      string,
      string
    >[])
      expect(applied(answers)).toMatchObject({ route: 'unlisted', queue: 'desk' });
  });
  it('sends back who has not registered, came late to it, or still has to correct it', () => {
    const first = { outcome: 'not-needed', route: 'unregistered' };
    expect(receive(['application', {}])).toMatchObject(first);
    expect(receive(['pre-registration', {}, '2022-03-01 00:00:00'], ['application', {}])).toMatchObject(
      first,
    );
    expect(applied({}, { consent: '' })).toMatchObject(first);
    expect(applied({}, { name: '王大明' })).toMatchObject(first);
    expect(applied({}, { school: '山頂高中' })).toMatchObject(first);
  });
  it('knows role and cut-off year', () => {
    expect(receive(['application', { role: '代理教師' }])).toMatchObject({ route: 'deputies' });
    expect(applied({ 'school-year': '110' })).toMatchObject({ route: 'too-soon', outcome: 'not-needed' });
    // 民國110年 is 109 or 110, and the two go different ways.
    expect(applied({ 'school-year': '民國110年' })?.problems).toEqual(['school-year.ambiguous']);
    expect(applied({ 'school-year': '民國109年' })).toMatchObject({ route: 'others' });
  });
  it('counts its window from the notice', () => {
    expect(receive(['application', {}, '2022-03-15 23:59:59'])?.outcome).toBe('not-needed');
    expect(receive(['application', {}, '2022-03-16 00:00:00'])).toMatchObject({ outcome: 'late' });
  });
  it('is checked for gaps and shadows by what was sent and listed, and reads its lists strictly', async () => {
    const wrong = async (text: string) => {
      try {
        await load(text);
      } catch (error) {
        return (error as ProgramError).faults.map((fault) => fault.wrong);
      }
      return [];
    };
    const without = (key: string) => yaml(ROUTES.replace(new RegExp(`^.*key: ${key},.*$`, 'mu'), ''));
    expect((await wrong(without('unregistered'))).join()).toMatch(
      /sent nothing before, listed in no roster: no route/u,
    );
    expect((await wrong(without('others'))).join()).toBe('');
    const swapped = ROUTES.replace(
      'sent: pre-registration, listed: school-list }',
      'sent: pre-registration }',
    );
    expect((await wrong(yaml(swapped))).join()).toMatch(/「unlisted」永遠用不到/u);
    expect(
      (await wrong(yaml(ROUTES.replaceAll('listed: school-list', 'listed: school-lst')))).join(),
    ).toContain('「school-lst」的 roster，是不是「school-list」？');
    write('teachers.csv', '姓名,學校\n,山腳國小\n');
    expect(await wrong(yaml())).toEqual(['沒有姓名；欄名是 姓名，以及可有可無的 學校、類別']);
    rmSync(join(folder, 'teachers.csv'));
    expect((await wrong(yaml()))[0]).toContain('讀不到名冊');
  });
});
