import { describe, expect, it } from 'vitest';
import { createRegister } from '../../sync-service/src/cases/register.ts';
import { triage } from '../../sync-service/src/cases/triage.ts';
import { changed, ENQUIRY, type Entry, entry, receive, triageAll, tainan } from './helpers.ts';

const later = (answers: Record<string, string> = {}, form?: string): Entry => ({
  at: '2020-05-05 10:00:00',
  answers,
  ...(form ? { form } : {}),
});
const second = (answers: Record<string, string>, form?: string) => triageAll({}, later(answers, form))[1];

describe('the same person, class and number', () => {
  it.each([
    ['another mail address', { email: 'other@example.org' }],
    ['blanks in the number', { 'certificate-number': ' 臺教師(三)字第 1069922201 號' }],
    ['台 and other brackets', { 'certificate-number': '台教師〔三〕字第1069922201號' }],
    ['full width', { 'certificate-number': '臺教師（三）字第１０６９９２２２０１號' }],
    ['blanks in the name', { name: ' 王 小 明　' }],
    ['another school', { school: '114601' }],
    ['another year on the same route', { 'school-year': '107' }],
    ['another year on another route', { 'school-year': '105' }],
  ])('%s: a duplicate, linked to the earlier case', (_what, answers) => {
    expect(second(answers)).toMatchObject({ outcome: 'duplicate', duplicateOf: 'a' });
  });
  it('sent through another form', () => {
    expect(second({}, 'advanced-mentor-105-earlier')).toMatchObject({
      outcome: 'duplicate',
      duplicateOf: 'a',
    });
  });
  it('indigenous names with any dot or none', () => {
    const verdicts = triageAll(
      { answers: { name: '吉娃斯．巴萬' } },
      later({ name: '吉娃斯·巴萬' }),
      later({ name: '吉娃斯 巴萬' }),
    );
    expect(verdicts.slice(1).map(({ duplicateOf }) => duplicateOf)).toEqual(['a', 'a']);
  });
  it('the third is linked to the first, not to the second', () => {
    expect(triageAll({}, later(), later())[2]).toMatchObject({ outcome: 'duplicate', duplicateOf: 'a' });
  });
  it('an entry that waits for its correction counts as open', () => {
    expect(triageAll({ answers: { evidence: '' } }, later())[1]).toMatchObject({
      outcome: 'duplicate',
      duplicateOf: 'a',
    });
  });
  it('entries that were late, not needed or duplicates do not count', () => {
    const notNeeded = { 'platform-display': '有顯示證書字號但無顯示年度' };
    expect(triageAll({ at: '2020-04-09 00:00:00' }, later())[1]?.outcome).toBe('review');
    expect(triageAll({ answers: notNeeded }, later())[1]?.outcome).toBe('review');
  });
});

describe('no duplicate', () => {
  it.each([
    ['another number', { 'certificate-number': '臺教師(三)字第1069922202號' }],
    ['another class', { level: '教學輔導教師' }],
  ])('%s of the same person', (_what, answers) => {
    expect(second(answers)).toMatchObject({ outcome: 'review', warnings: [] });
  });
  it('three certificates of one teacher go three ways', () => {
    const verdicts = triageAll(
      {},
      later({
        level: '教學輔導教師',
        'school-year': '105',
        'certificate-number': '南市教專字第1050836671號',
      }),
      later({ 'certificate-number': '南市教專字第1010836671號' }, 'initial'),
    );
    expect(verdicts.map(({ outcome, queue }) => [outcome, queue])).toEqual([
      ['review', 'platform'],
      ['review', 'city-center'],
      ['review', 'city-center'],
    ]);
  });
  it('an enquiry about training records beside a certificate', () => {
    expect(triageAll({}, { ...ENQUIRY, at: '2020-05-06 00:00:00' })[1]?.outcome).toBe('review');
  });
});

describe('without a number', () => {
  it('the same name, school, class and year', () => {
    const forgot = { 'certificate-number': '忘記了' };
    expect(triageAll({ answers: forgot }, later({ 'certificate-number': '不記得' }))[1]).toMatchObject({
      outcome: 'duplicate',
      duplicateOf: 'a',
    });
    for (const other of [
      { school: '114601' },
      { 'school-year': '107' },
      { level: '教輔' },
      { name: '李大華' },
    ] as Record<string, string>[])
      expect(triageAll({ answers: forgot }, later({ ...forgot, ...other }))[1]?.outcome).toBe('review');
  });
  it('nothing that neither entry states: two enquiries are two', () => {
    const asked = { 'school-year': '', 'certificate-number': '' };
    const first = { ...ENQUIRY, answers: { ...ENQUIRY.answers, ...asked } };
    const again = { ...first, at: '2020-05-06 00:00:00', answers: { ...asked, description: '還是沒有' } };
    expect(triageAll(first, again).map(({ outcome }) => outcome)).toEqual(['review', 'review']);
  });
  it('the number was given before, now it is forgotten', () => {
    expect(second({ 'certificate-number': '忘記了' })).toMatchObject({
      outcome: 'duplicate',
      duplicateOf: 'a',
    });
  });
});

describe('what a form says of two entries', () => {
  const withUnique = (unique: 'none' | string[]) =>
    changed((program) => {
      for (const form of program.forms) form.unique = unique;
    });
  const outcomes = (unique: 'none' | string[], answers: Record<string, string>) => {
    const [program, register] = [withUnique(unique), createRegister()];
    return [{}, later(answers)].map((each) => {
      const verdict = receive(each, register, program);
      register.enter('a', 'advanced-mentor-106-107', verdict, entry(each).answers);
      return verdict.outcome;
    });
  };
  it('none: nothing is a duplicate', () => {
    expect(outcomes('none', {})).toEqual(['review', 'review']);
  });
  it.each([
    [['school'], { school: '三慈國小', 'certificate-number': '臺教師(三)字第1060000009號' }, 'duplicate'],
    [['school', 'level'], { school: '三慈國小', level: '教輔' }, 'review'],
    [['note'], { note: '第二張' }, 'review'],
    [['platform-display'], { 'platform-display': '未顯示證書 ' }, 'duplicate'],
    [['note'], {}, 'review'],
  ])('%j, with %j: %s', (unique, answers, outcome) => {
    expect(outcomes(unique, answers)).toEqual(['review', outcome]);
  });
});

describe('the same certificate from another address', () => {
  const twice = (email: string) => {
    const register = createRegister();
    register.enter('a', 'advanced-mentor-106-107', receive({}, register));
    return triage(tainan, entry(later({ email })), register, { comparesAddresses: true });
  };
  it('goes to a reviewer with a finding', () => {
    expect(twice('other@example.org')).toMatchObject({
      outcome: 'review',
      queue: 'platform',
      duplicateOf: 'a',
      warnings: ['duplicate.other-address'],
    });
  });
  it('is a duplicate where the address is the same, however it is written', () => {
    expect(twice('AMY@example.org')).toMatchObject({ outcome: 'duplicate', duplicateOf: 'a' });
  });
});

it('a case of unknown form is compared all the same', () => {
  const known = receive().facts;
  const earlier = {
    ref: 'TN109-000001',
    nameKey: known.nameKey ?? '',
    level: known.level,
    schoolKey: null,
    schoolYear: null,
    certificateKey: known.certificateKey,
  };
  const register = { byCertificate: () => [earlier], byPerson: () => [earlier], sentBy: () => [] };
  expect(triage(tainan, entry(), register)).toMatchObject({
    outcome: 'duplicate',
    duplicateOf: 'TN109-000001',
  });
});

it('the register keeps only what counts', () => {
  const register = createRegister();
  register.enter('a', 'initial', receive({ at: '2020-01-01 00:00:00' }));
  register.enter('b', 'initial', receive({ answers: { name: '', 'certificate-number': '' } }));
  expect(register.byPerson('王小明')).toEqual([]);
  expect(register.byPerson('')).toEqual([]);
  expect(register.byCertificate('')).toEqual([]);
  register.enter('c', 'initial', receive());
  expect(register.byPerson('王小明').map(({ ref }) => ref)).toEqual(['c']);
});
