import { describe, expect, it } from 'vitest';
import {
  FINDING_CODES,
  FINDINGS,
  PROBLEM_CODES,
  type ProblemCode,
  PROBLEMS,
  sentenceFor,
} from '../../sync-service/src/cases/codes.ts';
import { createRegister } from '../../sync-service/src/cases/register.ts';
import { triage } from '../../sync-service/src/cases/triage.ts';
import {
  askingForId,
  changed,
  ENQUIRY,
  entry,
  type Entry,
  GOOD,
  receive,
  triageAll,
  tainan,
} from './helpers.ts';

const asksId = askingForId(false);

describe('every problem code', () => {
  /** What alone is wrong with an otherwise good entry. */
  const CAUSES: Record<ProblemCode, Entry> = {
    'name.missing': { answers: { name: ' 　' } },
    'school.missing': { answers: { school: '' } },
    'school.unknown': { answers: { school: '霍格華茲國小' } },
    'school.ambiguous': { answers: { school: '復興國小' } },
    'level.missing': { answers: { level: '' } },
    'level.unknown': { answers: { level: '高階' } },
    'school-year.missing': { answers: { 'school-year': '' } },
    'school-year.unreadable': { answers: { 'school-year': '不記得' } },
    'school-year.ambiguous': { answers: { 'school-year': '民國106年' } },
    'school-year.future': { answers: { 'school-year': '120' } },
    'certificate-number.missing': { answers: { 'certificate-number': '-' } },
    'email.missing': { answers: { email: ' ' } },
    'email.invalid': { answers: { email: '無' } },
    'evidence.missing': { answers: { evidence: '' } },
    'consent.missing': { answers: { consent: '' } },
    'description.missing': { form: 'training-record-problem', answers: { description: '' } },
    'id-number.check': { answers: { 'id-number': 'A123456788' } },
  };
  it.each(PROBLEM_CODES)('%s is produced, alone', (code) => {
    const verdict = receive(CAUSES[code], undefined, asksId);
    expect(verdict).toMatchObject({ outcome: 'correction', problems: [code], queue: null, warnings: [] });
    expect(verdict.explanation).toEqual([{ rule: code, because: PROBLEMS[code] }]);
  });
  it.each([...PROBLEM_CODES, ...FINDING_CODES])('%s has a sentence', (code) => {
    expect(sentenceFor(code)).toMatch(/^[\u4e00-\u9fff].*。$/u);
  });
  it.each(PROBLEM_CODES)('%s says what to do', (code) => {
    expect(PROBLEMS[code]).toMatch(/請/u);
  });
  it('asks for every required question of the office, by its title', () => {
    const own = changed((program) => {
      program.forms[0]?.fields.push(
        { key: 'role', title: '職稱', help: '', type: 'text', required: true, show: true, sensitive: false },
        {
          key: 'plan',
          title: '計畫書',
          help: '',
          type: 'file',
          required: true,
          show: true,
          sensitive: false,
        },
        {
          key: 'hobby',
          title: '專長',
          help: '',
          type: 'text',
          required: false,
          show: true,
          sensitive: false,
        },
      );
    });
    const verdict = receive({ answers: { role: ' ', hobby: '' } }, undefined, own);
    expect(verdict.problems).toEqual(['field.missing:plan', 'field.missing:role']);
    expect(verdict.explanation.map(({ because }) => because)).toEqual([
      '沒有填寫「計畫書」，請填寫後送出。',
      '沒有填寫「職稱」，請填寫後送出。',
    ]);
    expect(receive({ answers: { role: '教師', plan: 'https://x' } }, undefined, own).outcome).toBe('review');
  });
  it.each([
    ['school', '立'.repeat(49_000), 200],
    ['name', '王小明'.repeat(5000), 100],
    ['certificate-number', '臺教師(三)字第1號'.repeat(100), 200],
    ['school-year', '106、'.repeat(12_000), 100],
    ['note', '謝謝'.repeat(20_000), 5000],
  ])('asks for a shorter %s, and for nothing else', (key, text, most) => {
    const verdict = receive({ answers: { [key]: text } });
    expect(verdict.problems).toEqual([`field.too-long:${key}`]);
    expect(verdict.explanation[0]?.because).toMatch(
      new RegExp(`^「.+」太長，超過 ${most} 字的部分沒有讀取，請縮短後送出。$`, 'u'),
    );
    for (const fact of Object.values(verdict.facts))
      if (typeof fact === 'string') expect(fact.length).toBeLessThanOrEqual(most);
  });
  it('takes a number that is filled up with blanks for what it is', () => {
    const filled = `臺教師(三)字第${' '.repeat(40_000)}1069922201號${'\u3000'.repeat(9000)}`;
    const { outcome, facts } = receive({ answers: { 'certificate-number': filled } });
    expect(outcome).toBe('review');
    expect(facts.certificateNumber).toBe('臺教師(三)字第 1069922201號');
    expect(facts.certificateKey).toBe(receive({}).facts.certificateKey);
  });
  it('may be said in the words of the program', () => {
    const own = changed((program) => {
      program.sentences['school.unknown'] = '查無此校。';
    });
    expect(receive({ answers: { school: '我的學校' } }, undefined, own).explanation[0]?.because).toBe(
      '查無此校。',
    );
  });
});

describe('every finding', () => {
  it('certificate-number.unusual', () => {
    expect(receive({ answers: { 'certificate-number': 'NO.12345' } }).warnings).toEqual([
      'certificate-number.unusual',
    ]);
    expect(receive({ answers: { 'certificate-number': '忘記了' } })).toMatchObject({
      outcome: 'review',
      warnings: ['certificate-number.unusual'],
    });
  });
  it('certificate-number.claimed-by-another, also in other brackets: a finding and no verdict', () => {
    const [, second] = triageAll(
      {},
      { answers: { name: '李大華', 'certificate-number': '台教師〔三〕字第 1069922201 號' } },
    );
    expect(second).toMatchObject({
      outcome: 'review',
      queue: 'platform',
      warnings: ['certificate-number.claimed-by-another'],
    });
  });
  it('something that is no number is claimed by nobody', () => {
    const [, second] = triageAll(
      { answers: { 'certificate-number': 'NO.12345' } },
      { answers: { name: '李大華', 'certificate-number': 'NO.12345' } },
    );
    expect(second?.warnings).toEqual(['certificate-number.unusual']);
  });
  it('email.discouraged-domain', () => {
    for (const email of ['t8678@tn.edu.tw', 'T8678@TN.EDU.TW', 'a@mail.tn.edu.tw'])
      expect(receive({ answers: { email } })).toMatchObject({
        outcome: 'review',
        warnings: ['email.discouraged-domain'],
      });
    expect(receive({ answers: { email: 'a@ntn.edu.tw' } }).warnings).toEqual([]);
  });
  it('mentor.possibly-expired, from ten school years on, for mentors only', () => {
    const warnings = (level: string, year: string) =>
      receive({ form: 'advanced-mentor-105-earlier', answers: { level, 'school-year': year } }).warnings;
    expect(warnings('教學輔導教師', '98')).toEqual(['mentor.possibly-expired']);
    expect(warnings('教學輔導教師', '99')).toEqual([]);
    expect(warnings('教學輔導教師', '民國99年')).toEqual(['mentor.possibly-expired']);
    expect(warnings('進階', '95')).toEqual([]);
  });
  it('several, sorted', () => {
    const { warnings } = receive({
      answers: { level: '教輔', 'school-year': '95', 'certificate-number': '忘記了', email: 'a@tn.edu.tw' },
    });
    expect(warnings).toEqual([
      'certificate-number.unusual',
      'email.discouraged-domain',
      'mentor.possibly-expired',
    ]);
    expect(Object.keys(FINDINGS).toSorted()).toEqual([...FINDING_CODES].toSorted());
  });
});

describe('problems', () => {
  it('of an entry are told all at once, sorted', () => {
    const { outcome, problems } = receive({
      answers: Object.fromEntries(Object.keys(GOOD).map((key) => [key, ''])),
    });
    expect(outcome).toBe('correction');
    expect(problems).toEqual([
      'certificate-number.missing',
      'consent.missing',
      'email.missing',
      'evidence.missing',
      'level.missing',
      'name.missing',
      'school-year.missing',
      'school.missing',
    ]);
  });
  it('are asked about only where the form asks', () => {
    expect(
      receive({
        ...ENQUIRY,
        answers: { ...ENQUIRY.answers, 'school-year': '', evidence: '', 'certificate-number': '' },
      }).problems,
    ).toEqual([]);
    expect(receive({ form: 'initial', answers: { level: '' } }).problems).toEqual([]);
  });
  it.each([
    '我已閱讀並同意',
    ' 我已閱讀並同意 ',
    '同意',
    '是',
    'TRUE',
    'v',
  ])('consent %j is consent', (consent) => {
    expect(receive({ answers: { consent } }).problems).toEqual([]);
  });
  it.each(['', '不同意', '我不同意', '否', 'FALSE'])('consent %j is none', (consent) => {
    expect(receive({ answers: { consent } }).problems).toEqual(['consent.missing']);
  });
  it.each(['', ' ', '無', '-'])('evidence %j is none', (evidence) => {
    expect(receive({ answers: { evidence } }).problems).toEqual(['evidence.missing']);
  });
});

describe('a year that could be two', () => {
  it.each([
    ['進階', '2018', 'review', 'platform'],
    ['進階', '民國107年', 'review', 'platform'],
    ['進階', '2016', 'review', 'city-center'],
    ['進階', '2017', 'correction', null],
    ['進階', '民國106年', 'correction', null],
    ['教學輔導教師', '2019', 'correction', null],
    ['教學輔導教師', '105或106', 'correction', null],
    ['進階', '106、107', 'review', 'platform'],
    ['進階', '104~105學年度', 'review', 'city-center'],
  ])('%s %s: %s', (level, year, outcome, queue) => {
    const verdict = receive({ answers: { level, 'school-year': year } });
    expect(verdict).toMatchObject({ outcome, queue });
    if (outcome === 'correction') expect(verdict.problems).toEqual(['school-year.ambiguous']);
  });
  it('does not matter where all years go the same way', () => {
    expect(receive({ form: 'initial', answers: { 'school-year': '2017' } })).toMatchObject({
      outcome: 'review',
    });
  });
  it('is asked about with an unknown class, where it matters for any class offered', () => {
    expect(receive({ answers: { level: '', 'school-year': '2017' } }).problems).toEqual([
      'level.missing',
      'school-year.ambiguous',
    ]);
    expect(receive({ answers: { level: '', 'school-year': '2016' } }).problems).toEqual(['level.missing']);
  });
  it('and not-needed: nothing is asked', () => {
    const answers = { 'school-year': '2017', 'platform-display': '有顯示證書字號但無顯示年度' };
    expect(receive({ answers }).outcome).toBe('not-needed');
  });
});

describe('the route', () => {
  it.each([
    ['advanced-mentor-106-107', '進階', '106', 'platform', false],
    ['advanced-mentor-106-107', '教學輔導教師', '107', 'platform', false],
    ['advanced-mentor-106-107', '進階', '105', 'city-center', true],
    ['advanced-mentor-105-earlier', '進階', '105', 'city-center', false],
    ['advanced-mentor-105-earlier', '教學輔導教師', '80', 'city-center', false],
    ['advanced-mentor-105-earlier', '進階', '107', 'platform', true],
    ['advanced-mentor-105-earlier', '進階', '2018/8/1', 'platform', true],
    ['advanced-mentor-106-107', '進階', '108', 'ministry', true],
    ['advanced-mentor-106-107', '教學輔導教師', '2019/9/1', 'ministry', true],
    ['initial', '', '108', 'city-center', false],
    ['initial', '', '95', 'city-center', false],
  ])('%s, %s %s → %s, moved: %s', (form, level, year, queue, moved) => {
    expect(receive({ form, answers: { level, 'school-year': year } })).toMatchObject({
      outcome: 'review',
      queue,
      moved,
    });
  });
  it('turns with the school year, on 1 August', () => {
    const queue = (date: string) => receive({ answers: { 'school-year': date } }).queue;
    expect([queue('2017/7/31'), queue('2017/8/1')]).toEqual(['city-center', 'platform']);
    expect([queue('108.7.31'), queue('108.8.1')]).toEqual(['platform', 'ministry']);
  });
  it('of an enquiry is an answer, whatever it says', () => {
    expect(receive(ENQUIRY)).toMatchObject({ outcome: 'review', queue: 'city-center', moved: false });
  });
  it('that was not chosen is told', () => {
    const rules = (year: string) => receive({ answers: { 'school-year': year } }).explanation;
    expect(rules('105')[1]).toMatchObject({ rule: 'moved' });
    expect(rules('105')[1]?.because).toContain('105學年度以前取得');
    expect(rules('108')[1]?.because).toContain('不屬於任何一張補登表單');
    expect(rules('106')).toHaveLength(1);
  });
  it('may only redirect: the teacher is told and no queue sees it', () => {
    const program = changed(({ stages }) => {
      stages['ministry-enquiry'] = { label: '逕至作業平臺申請', kind: 'redirect-only' };
    });
    const verdict = receive({ answers: { 'school-year': '108' } }, undefined, program);
    expect(verdict).toMatchObject({ outcome: 'not-needed', queue: null, moved: true, route: 'current-year' });
    expect(verdict.explanation.at(-1)?.rule).toBe('redirect-only');
  });
  it('of an unknown form is a mistake of the caller', () => {
    expect(() => receive({ form: 'nope' })).toThrow(/no form nope/u);
  });
});

describe('where several apply', () => {
  const LATE = '2020-08-01 00:00:00';
  const notNeeded = { 'platform-display': '有顯示證書字號但無顯示年度' };

  it('late comes before all else', () => {
    for (const answers of [{}, notNeeded, { email: '', school: '' }] as Record<string, string>[])
      expect(receive({ at: LATE, answers })).toMatchObject({ outcome: 'late', problems: [], warnings: [] });
    expect(triageAll({}, { at: LATE })[1]).toMatchObject({ outcome: 'late', duplicateOf: null });
  });
  it('then not-needed, whatever else is wrong', () => {
    const wrong = { school: '我的學校', 'school-year': '', 'certificate-number': '', evidence: '' };
    expect(receive({ answers: { ...notNeeded, ...wrong } })).toMatchObject({
      outcome: 'not-needed',
      problems: [],
    });
    expect(triageAll({}, { answers: notNeeded })[1]).toMatchObject({ outcome: 'not-needed' });
  });
  it.each([
    ['name', '', 'name.missing'],
    ['email', 'amy@', 'email.invalid'],
    ['email', '', 'email.missing'],
    ['consent', '', 'consent.missing'],
  ])('unless %s %j must be corrected first, and then everything is told', (key, value, code) => {
    const verdict = receive({ answers: { ...notNeeded, [key]: value, school: '我的學校' } });
    expect(verdict).toMatchObject({ outcome: 'correction', problems: [code, 'school.unknown'] });
  });
  it('then correction, before duplicate', () => {
    expect(triageAll({}, { answers: { evidence: '' } })[1]).toMatchObject({
      outcome: 'correction',
      problems: ['evidence.missing'],
      duplicateOf: null,
    });
  });
  it('then duplicate, before review', () => {
    expect(triageAll({}, {})[1]).toMatchObject({
      outcome: 'duplicate',
      duplicateOf: 'a',
      queue: null,
      warnings: [],
    });
  });
  it('a correction of what came in time is never late', () => {
    const late = entry({ at: LATE });
    expect(triage(tainan, late, createRegister()).outcome).toBe('late');
    expect(triage(tainan, late, createRegister(), { inTime: true }).outcome).toBe('review');
    expect(triage(tainan, late, createRegister(), { reopened: true }).outcome).toBe('review');
  });
});
