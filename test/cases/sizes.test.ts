import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRocDateTime, readRocDay } from '../../sync-service/src/cases/calendar/roc.ts';
import {
  certificateKey,
  issuerOf,
  isUsualNumber,
} from '../../sync-service/src/cases/reading/certificate-number.ts';
import { chooseEmail, emailOf } from '../../sync-service/src/cases/reading/email.ts';
import { isIdNumber } from '../../sync-service/src/cases/reading/id-number.ts';
import { readLevel } from '../../sync-service/src/cases/reading/level.ts';
import { maskIdNumber, maskName, nameKey } from '../../sync-service/src/cases/reading/name.ts';
import { readSchoolYear } from '../../sync-service/src/cases/reading/school-year.ts';
import { readSchool } from '../../sync-service/src/cases/reading/schools.ts';
import { withoutFilling } from '../../sync-service/src/cases/reading/sizes.ts';
import { isBlank, squeeze, trimmed } from '../../sync-service/src/cases/reading/text.ts';
import { triage } from '../../sync-service/src/cases/triage.ts';
import { createRegister } from '../../sync-service/src/cases/register.ts';
import { entry, tainan } from './helpers.ts';

const PARSERS: Record<string, (text: string) => unknown> = {
  'a school': (text) => readSchool(tainan.schools, text),
  'a school year': (text) => readSchoolYear(text, 108),
  'a class': readLevel,
  'an address': emailOf,
  'an address among other words': (text) => chooseEmail(text, text, ['tn.edu.tw']),
  'an identity number': isIdNumber,
  'a certificate number': (text) => isUsualNumber(certificateKey(text)) && issuerOf(certificateKey(text)),
  'a name': nameKey,
  'a masked name': maskName,
  'a masked number': maskIdNumber,
  'a day': readRocDay,
  'a written time': readRocDateTime,
  'squeezed text': squeeze,
  'shown text': trimmed,
  'blank text': isBlank,
  'filled text': withoutFilling,
};
const LENGTH = 50_000;
const MOST_MS = 20;

/** What the patterns of the parsers repeat over, and what normalisers are slow with. */
const UNITS = [
  ...'立市縣區國小中一年月日民第期(（)）「」,、.。;·-/~@:0123aA \u3000\n\u200b\u0300ﷺ㐱⻑或於😀',
  ...'市立 學校 財團法人 臺南市 東區 國小 學年 106 106學年度 字第 代碼 國中部 中華民國 取得 第1學期'.split(
    ' ',
  ),
  ...'\u0316\u0300 a. .a@a. a@ <a@b.tw> < 12:34 T12:34 上午 (1) 1,'.split(' '),
];
const unit = fc.array(fc.constantFrom(...UNITS), { minLength: 1, maxLength: 3 }).map((all) => all.join(''));
const ends = fc.constantFrom('', '106', '甲', 'a@', '!', 'x', '號', '年', '114705');
const long = fc
  .tuple(ends, unit, ends)
  .map(
    ([head, each, tail]) => head + each.repeat(LENGTH).slice(0, LENGTH - head.length - tail.length) + tail,
  );

/** Of this thread alone, so that a busy machine fails nobody; the best of three, as a collection may fall into one. */
function cpuMs(work: () => unknown): number {
  return Math.min(
    ...Array.from({ length: 3 }, () => {
      const before = process.threadCpuUsage();
      work();
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1000;
    }),
  );
}

it.each(
  Object.entries(PARSERS),
)('%s is read in milliseconds, whatever 50,000 characters it is', (_, parse) => {
  fc.assert(
    fc.property(long, (text) => {
      expect(cpuMs(() => parse(text))).toBeLessThan(MOST_MS);
    }),
    { numRuns: 60 },
  );
});

it('a whole entry of such answers is judged in milliseconds', () => {
  const keys = Object.keys(entry().answers);
  const answers = fc.record(Object.fromEntries(keys.map((key) => [key, long])));
  fc.assert(
    fc.property(answers, (all) => {
      const submission = entry({ answers: all });
      expect(cpuMs(() => triage(tainan, submission, createRegister()))).toBeLessThan(5 * MOST_MS);
    }),
    { numRuns: 40 },
  );
});
