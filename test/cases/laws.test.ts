import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificateKey } from '../../sync-service/src/cases/reading/certificate-number.ts';
import { PROBLEM_CODES } from '../../sync-service/src/cases/codes.ts';
import { emailOf } from '../../sync-service/src/cases/reading/email.ts';
import { idNumberKey, isIdNumber } from '../../sync-service/src/cases/reading/id-number.ts';
import { readLevel } from '../../sync-service/src/cases/reading/level.ts';
import { maskIdNumber, maskName, nameKey } from '../../sync-service/src/cases/reading/name.ts';
import { createRegister } from '../../sync-service/src/cases/register.ts';
import { ROC_OFFSET, schoolYearOfDay } from '../../sync-service/src/cases/calendar/roc.ts';
import { readSchoolYear } from '../../sync-service/src/cases/reading/school-year.ts';
import { readSchool, schoolNameKey } from '../../sync-service/src/cases/reading/schools.ts';
import { squeeze, trimmed } from '../../sync-service/src/cases/reading/text.ts';
import { triage } from '../../sync-service/src/cases/triage.ts';
import { OUTCOMES, type Submission } from '../../sync-service/src/cases/types.ts';
import { GOOD, tainan } from './helpers.ts';

/** Characters that make trouble: widths, blanks, brackets, digits of all kinds, and the words that the rules know. */
const PIECES = [
  ...'0123456789０１９年月日上下第學期度民國一二十百零〇○()（）〔〕【】.-/~、,:@ 　\u200b\ufeff台臺字號初進階教輔',
  '105',
  '106',
  '2016',
  '學年度',
  '民國',
  '國小',
  '三慈',
  '114705',
  '復興國小',
  '東區',
  '臺南市',
  '=SUM(A1)',
  '😀',
  '\ud800',
  'A',
  'z',
];
const messy = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''));
const anyText = fc.oneof(messy, fc.string({ unit: 'binary' }), fc.string());

const keys = [...Object.keys(GOOD), 'description', 'role', 'id-number', '__proto__', 'toString'];
const sometimes = (good: string, other: fc.Arbitrary<string>) => fc.oneof(fc.constant(good), other);
const answers = fc
  .record(Object.fromEntries(Object.entries(GOOD).map(([key, good]) => [key, sometimes(good, anyText)])), {
    requiredKeys: [],
  })
  .chain((known) => fc.dictionary(fc.constantFrom(...keys), anyText).map((more) => ({ ...more, ...known })));
const submission: fc.Arbitrary<Submission> = fc.record({
  form: fc.constantFrom(...tainan.forms.map((form) => form.key)),
  responseId: fc.string(),
  revision: fc.constant('1'),
  receivedAt: fc.date({ min: new Date('2020-04-01'), max: new Date('2020-09-01'), noInvalidDate: true }),
  answers: answers as fc.Arbitrary<Record<string, string>>,
  editUrl: fc.constant(''),
});
const inTime = submission.map((each) => ({ ...each, receivedAt: new Date('2020-05-04T02:00:00Z') }));

describe('parsing never throws', () => {
  it.each<[string, (text: string) => unknown]>([
    ['a school year', (text) => readSchoolYear(text, 108)],
    ['a school', (text) => readSchool(tainan.schools, text)],
    ['a class', readLevel],
    ['an address', emailOf],
    ['an identity number', isIdNumber],
    ['a certificate number', certificateKey],
    ['a name', maskName],
    ['a masked number', maskIdNumber],
  ])('%s', (_what, parse) => {
    fc.assert(
      fc.property(anyText, (text) => void parse(text)),
      { numRuns: 1000 },
    );
  });

  it('nor does the judgement, and what it says holds together', () => {
    fc.assert(
      fc.property(submission, (each) => {
        const verdict = triage(tainan, each, createRegister());
        expect(OUTCOMES).toContain(verdict.outcome);
        expect(verdict.problems.length > 0).toBe(verdict.outcome === 'correction');
        expect(verdict.queue !== null).toBe(verdict.outcome === 'review');
        for (const code of verdict.problems) expect(PROBLEM_CODES).toContain(code);
        expect(verdict.problems).toEqual([...new Set(verdict.problems)].toSorted());
        expect(verdict.explanation.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('normalising twice is once', () => {
  it.each<[string, (text: string) => string]>([
    ['text', squeeze],
    ['shown text', trimmed],
    ['a name', nameKey],
    ['a certificate number', certificateKey],
    ['an identity number', idNumberKey],
    ['the name of a school', schoolNameKey],
    ['an address', (text) => emailOf(text) ?? ''],
  ])('%s', (_what, normalise) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = normalise(text);
        expect(normalise(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('blanks and widths', () => {
  const wide = (text: string) =>
    text.replace(/[!-~]/gu, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
  const year = fc.integer({ min: 81, max: 108 });

  it('make no other school year', () => {
    const shapes = fc.constantFrom(
      (n: number) => `${n}`,
      (n: number) => `${n}學年度`,
      (n: number) => `${n}學年度第2學期`,
      (n: number) => `民國${n}學年度`,
      (n: number) => `${n}上`,
    );
    fc.assert(
      fc.property(year, shapes, (n, shape) => {
        for (const text of [shape(n), wide(shape(n)), ` ${shape(n)}　`])
          expect(readSchoolYear(text, 108)).toEqual({ kind: 'years', years: [n] });
      }),
    );
  });

  it('make no other date', () => {
    const shapes = fc.constantFrom(
      (y: number, m: number, d: number) => `${y}/${m}/${d}`,
      (y: number, m: number, d: number) => `${y - ROC_OFFSET}.${m}.${d}`,
      (y: number, m: number, d: number) => `民國${y - ROC_OFFSET}年${m}月${d}日`,
      (y: number, m: number, d: number) => `${y}年${m}月${d}日`,
      (y: number, m: number, d: number) => `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`,
    );
    const days = fc.record({
      y: fc.integer({ min: 1995, max: 2019 }),
      m: fc.integer({ min: 1, max: 12 }),
      d: fc.integer({ min: 1, max: 28 }),
    });
    fc.assert(
      fc.property(days, shapes, ({ y, m, d }, shape) => {
        for (const text of [shape(y, m, d), wide(shape(y, m, d)), shape(y, m, d).replace('年', ' 年 ')])
          expect(readSchoolYear(text, 108)).toMatchObject({ kind: 'years', years: [schoolYearOfDay(y, m)] });
      }),
    );
  });

  it('make no other school', () => {
    fc.assert(
      fc.property(fc.constantFrom(...tainan.schools), ({ code, name }) => {
        const text = `${code} ${name}`;
        for (const other of [wide(text), [...text].join(' '), text.replaceAll('臺', '台')])
          expect(readSchool(tainan.schools, other)).toEqual(readSchool(tainan.schools, text));
      }),
    );
  });
});

describe('a judgement', () => {
  it('does not depend on the order of the fields', () => {
    fc.assert(
      fc.property(inTime, fc.func(fc.integer()), (each, order) => {
        const shuffled = Object.entries(each.answers).toSorted(
          ([a], [b]) => Number(order(a)) - Number(order(b)),
        );
        const other = { ...each, answers: Object.fromEntries(shuffled) };
        expect(triage(tainan, other, createRegister())).toEqual(triage(tainan, each, createRegister()));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same for the same entry, and changes neither entry nor program', () => {
    const before = JSON.stringify(tainan);
    fc.assert(
      fc.property(inTime, (each) => {
        const copy = structuredClone(each);
        expect(triage(tainan, each, createRegister())).toEqual(triage(tainan, copy, createRegister()));
        expect(each).toEqual(copy);
      }),
      { numRuns: 200 },
    );
    expect(JSON.stringify(tainan)).toBe(before);
  });

  it('routes by facts only: the form that was chosen does not matter', () => {
    const backfills = ['advanced-mentor-106-107', 'advanced-mentor-105-earlier'];
    const years = fc.constantFrom(
      '97',
      '105',
      '１０６',
      '民國107學年度',
      '2018/3/15',
      '108',
      '2018',
      '108.8.1',
    );
    const levels = fc.constantFrom('進階', '教學輔導教師');
    fc.assert(
      fc.property(years, levels, (year, level) => {
        const routes = backfills.map((form) => {
          const answersOf = { ...GOOD, level, 'school-year': year };
          const receivedAt = new Date('2020-05-04T02:00:00Z');
          const each = { form, responseId: 'r', revision: '1', receivedAt, answers: answersOf, editUrl: '' };
          const { outcome, queue, route, problems } = triage(tainan, each, createRegister());
          return { outcome, queue, route, problems };
        });
        expect(routes[0]).toEqual(routes[1]);
      }),
    );
  });

  it('nor do notes, mail address and the name', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('97', '106', '108'), (note, year) => {
        const of = (more: Record<string, string>) =>
          triage(
            tainan,
            {
              form: 'advanced-mentor-106-107',
              responseId: 'r',
              revision: '1',
              receivedAt: new Date('2020-05-04T02:00:00Z'),
              answers: { ...GOOD, 'school-year': year, ...more },
              editUrl: '',
            },
            createRegister(),
          );
        expect(of({ note, name: `王${note}`, email: 'x@example.org' }).route).toBe(of({}).route);
      }),
    );
  });
});
