import { describe, expect, it } from 'vitest';
import {
  matches,
  outcomesFor,
  queuesOf,
  type RouteFacts,
  routeFor,
} from '../../sync-service/src/cases/routing.ts';
import type { Condition } from '../../sync-service/src/cases/program-rules.ts';
import { tainan, taipei } from './helpers.ts';

const FACTS: RouteFacts = {
  form: 'f',
  purpose: 'backfill',
  level: 'advanced',
  schoolYear: 106,
  schoolLevel: 'elementary',
  issuer: '臺教師(三)',
  submittedAt: taipei('2020-05-04 10:00:00'),
  answers: { role: '現職教師', county: '臺南市' },
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
    expect(matches(when, FACTS)).toBe(expected);
  });

  it.each<[string, Condition]>([
    ['a class', { level: 'advanced' }],
    ['a year', { schoolYear: { to: 120 } }],
    ['a school level', { schoolLevel: 'elementary' }],
    ['an issuing body', { issuer: '臺' }],
  ])('%s never holds where it is not known', (_what, when) => {
    const unknown = { ...FACTS, level: null, schoolYear: null, schoolLevel: null, issuer: null };
    expect(matches(when, unknown)).toBe(false);
  });

  it('an issuing body that was asked for stands before the one in the number', () => {
    expect(matches({ issuer: '高市' }, { ...FACTS, answers: { issuer: '高市教專' } })).toBe(true);
  });
});

it('the first match wins', () => {
  expect(routeFor(tainan, { ...FACTS, schoolYear: 108 })?.key).toBe('current-year');
  expect(routeFor(tainan, { ...FACTS, schoolYear: 108, level: 'initial' })?.key).toBe('initial');
  expect(routeFor({ routes: [] }, FACTS)).toBeNull();
});

it('a route names its queues in order', () => {
  const queues = tainan.routes.map((route) => [route.key, queuesOf(tainan, route)]);
  expect(Object.fromEntries(queues)).toEqual({
    'training-record': ['city-center'],
    initial: ['city-center'],
    'current-year': ['ministry'],
    'platform-106-107': ['platform'],
    'dispatch-105': ['city-center', 'platform'],
  });
});

it('an outcome may be bound to stages and to queues', () => {
  const outcomes = [
    { key: 'a', label: 'a', trigger: 'approved', ends: true, reasonRequired: false },
    { key: 'b', label: 'b', trigger: 'rejected', ends: true, reasonRequired: false, stages: ['answer-only'] },
    { key: 'c', label: 'c', trigger: 'passed', ends: false, reasonRequired: false, queues: ['q2'] },
  ] as const;
  const keys = (queue: string) =>
    outcomesFor({ outcomes: structuredClone(outcomes) as never }, { kind: 'review' }, queue).map(
      ({ key }) => key,
    );
  expect(keys('q1')).toEqual(['a']);
  expect(keys('q2')).toEqual(['a', 'c']);
});
