import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type Condition,
  CONDITION_KEYS,
  conditionSchema,
  matches,
  reasonsOf,
  ROUTE_CONDITIONS,
  routeFactsOf,
} from '../../../sync-service/src/cases/routes/conditions.ts';
import { entry, ROUTE_FACTS, tainan, taipei } from '../helpers.ts';

const ENTRY = {
  program: tainan,
  register: undefined,
  submission: entry(),
  purpose: 'backfill',
  name: '王小明',
  school: null,
  level: null,
  schoolYear: null,
  certificateNumber: '臺教師(三)字第1號',
};

describe('a condition on', () => {
  it.each<[string, Condition, boolean]>([
    ['nothing', {}, true],
    ['a class', { level: 'advanced' }, true],
    ['another class', { level: 'mentor' }, false],
    ['one of several classes', { level: ['advanced', 'mentor'] }, true],
    ['a year', { schoolYear: 106 }, true],
    ['another year', { schoolYear: 107 }, false],
    ['a list of years', { schoolYear: [105, 106] }, true],
    ['a list without it', { schoolYear: [105, 107] }, false],
    ['a range', { schoolYear: { from: 106, to: 107 } }, true],
    ['a range below', { schoolYear: { to: 105 } }, false],
    ['a range above', { schoolYear: { from: 107 } }, false],
    ['an open range', { schoolYear: {} }, true],
    ['a school level', { schoolLevel: ['junior', 'elementary'] }, true],
    ['another school level', { schoolLevel: 'senior' }, false],
    ['a form', { form: 'f' }, true],
    ['another form', { form: ['g', 'h'] }, false],
    ['a purpose', { purpose: 'backfill' }, true],
    ['another purpose', { purpose: 'enquiry' }, false],
    ['an issuing body, in any spelling', { issuer: '台教師（三）' }, true],
    ['what it begins with', { issuer: ['南市', '臺教師'] }, true],
    ['another issuing body', { issuer: '南市' }, false],
    ['a role', { role: '現 職 教師' }, true],
    ['another role', { role: ['代理教師', '退休教師'] }, false],
    ['any field', { field: { county: ['高雄市', '臺南市'] } }, true],
    ['any field, otherwise', { field: { county: '高雄市' } }, false],
    ['a field that was not asked', { field: { gone: 'x' } }, false],
    ['the date of submission', { submitted: { from: '2020-05-01', to: '2020-05-04' } }, true],
    ['an earlier date', { submitted: { to: '2020-05-03' } }, false],
    ['a later date', { submitted: { from: '2020-05-05' } }, false],
    ['several at once', { level: 'advanced', schoolYear: 106, role: '現職教師' }, true],
    ['several, one of which fails', { level: 'advanced', schoolYear: 105 }, false],
  ])('%s', (_what, when, expected) => {
    expect(matches(when, ROUTE_FACTS)).toBe(expected);
  });

  it.each<[string, Condition]>([
    ['a class', { level: 'advanced' }],
    ['a year', { schoolYear: { to: 120 } }],
    ['a school level', { schoolLevel: 'elementary' }],
    ['an issuing body', { issuer: '臺' }],
  ])('%s never holds where it is not known', (_what, when) => {
    const unknown = { ...ROUTE_FACTS, level: null, schoolYear: null, schoolLevel: null, issuer: null };
    expect(matches(when, unknown)).toBe(false);
  });

  it('an issuing body that was asked for stands before the one in the number', () => {
    const facts = routeFactsOf({ ...ENTRY, submission: entry({ answers: { issuer: '高市教專' } }) });
    expect(matches({ issuer: '高市' }, facts)).toBe(true);
    expect(matches({ issuer: '臺教師' }, facts)).toBe(false);
  });
});

describe('the table', () => {
  it.each(CONDITION_KEYS)('the example of %s is one that the file may hold', (key) => {
    const [example = ''] = ROUTE_CONDITIONS[key].docs.example.split('（');
    expect(Object.keys(conditionSchema.parse(parse(`{ ${example} }`)))).toEqual([key]);
  });

  it('each fact comes from the entry', () => {
    expect(routeFactsOf(ENTRY)).toEqual({
      level: null,
      submittedAt: taipei('2020-05-04 10:00:00'),
      schoolYear: null,
      answers: entry().answers,
      issuer: '臺教師(三)',
      schoolLevel: null,
      form: 'advanced-mentor-106-107',
      purpose: 'backfill',
      sent: new Set(),
      listed: new Set(),
    });
  });

  it('a reviewer reads what the route asked for, and what it need not have asked for', () => {
    expect(reasonsOf({}, ROUTE_FACTS, tainan)).toEqual(['類別「進階」', '106學年度']);
    const when: Condition = { issuer: '臺教師', role: '現職教師', field: { county: ['臺南市', '高雄市'] } };
    expect(reasonsOf(when, ROUTE_FACTS, tainan)).toEqual([
      '類別「進階」',
      '106學年度',
      '身分「現職教師」',
      'county「臺南市」',
      '發證單位「臺教師(三)」',
    ]);
  });
});
