import { type Certificate, certificate, NO_NUMBER, numberText } from './numbers.ts';
import { mail, type MailExpectation, nameText, NO_NAME, OWN, type Person, person, spoilt } from './people.ts';
import { createRandom, type Random } from '../../chaos/random.ts';
import { NO_SCHOOL, ROSTER, type RosterSchool, type SchoolTyping, typingsOf } from './schools.ts';
import { typed } from './texts.ts';
import { NO_YEAR, type YearTyping, yearTypings } from './years.ts';

export const FORMS = [
  'advanced-mentor-106-107',
  'advanced-mentor-105-earlier',
  'initial',
  'training-record-problem',
] as const;
export type Form = (typeof FORMS)[number];
type Level = 'initial' | 'advanced' | 'mentor';

/** A certificate of a person, before anybody typed it. */
interface Truth {
  form: Form;
  person: Person;
  school: RosterSchool;
  level: Level;
  year: number;
  certificate: Certificate;
}

/** What one entry says, field by field: the text, and what that text must be taken to mean. */
export interface MadeRow {
  form: Form;
  /** Taipei wall time in seconds since 2020-01-01 00:00:00. */
  at: number;
  answers: Record<string, string>;
  says: {
    /** Whether the name bears a character that an office made itself. */
    own: boolean;
    /** Negative where a file has lost a character of the name. */
    person: number | null;
    mail: MailExpectation;
    school: SchoolTyping['means'];
    level: Level | 'missing' | 'unknown';
    year: YearTyping['means'];
    number: Certificate | null;
    evidence: boolean;
    consent: boolean;
    description: boolean;
    notNeeded: boolean;
  };
}

const DAY = 86_400;
/** Days of 2020 from its first, so that no other clock is asked. */
const dayOf = (month: number, day: number) =>
  (Date.UTC(2020, month - 1, day) - Date.UTC(2020, 0, 1)) / 86_400_000;
const WINDOW: Record<Form, [first: number, end: number]> = {
  'advanced-mentor-106-107': [dayOf(4, 10) * DAY, dayOf(8, 1) * DAY],
  'advanced-mentor-105-earlier': [dayOf(4, 10) * DAY, dayOf(8, 1) * DAY],
  'training-record-problem': [dayOf(4, 10) * DAY, dayOf(8, 1) * DAY],
  initial: [dayOf(4, 20) * DAY, dayOf(7, 4) * DAY],
};
export const inWindow = (form: Form, at: number) => at >= WINDOW[form][0] && at < WINDOW[form][1];
/** 108 until the end of July 2020. */
export const runningYear = (at: number) => (at < dayOf(8, 1) * DAY ? 108 : 109);

function when(random: Random, form: Form): number {
  const [first, end] = WINDOW[form];
  if (random.chance(0.06)) return random.one([first - 1, first, end - 1, end, end + 1, first + 1]);
  if (random.chance(0.04)) return end + random.between(0, 20 * DAY);
  return random.between(first, end - 1);
}

const LEVEL_TEXTS: Record<Level | 'unknown', readonly string[]> = {
  initial: ['初階', '初階證書', '初階專業回饋人才'],
  advanced: ['進階', '進階', '進階證書', '進階專業回饋人才', '進 階'],
  mentor: ['教學輔導教師', '教學輔導教師', '教輔', '教輔教師', '教學輔導教師證書', '教 學輔導教師'],
  unknown: ['高階', '進階及教學輔導教師', '初階、進階', '不知道', '教師證', '1'],
};

function truth(random: Random, id: number): Truth {
  const form = random.one(FORMS);
  const level = form === 'initial' ? 'initial' : random.one(['advanced', 'mentor']);
  const year = random.chance(0.75)
    ? ({
        'advanced-mentor-106-107': random.between(106, 107),
        'advanced-mentor-105-earlier': random.between(92, 105),
      }[form as string] ?? random.between(92, 108))
    : random.between(86, 108);
  return {
    form,
    level,
    year,
    person: person(random, id),
    school: random.one(ROSTER),
    certificate: certificate(random, id, year),
  };
}

/** One entry about a certificate; `mess` is how likely each field is to go wrong. */
function entry(random: Random, fact: Truth, form: Form, at: number, mess: number): MadeRow {
  const enquiry = form === 'training-record-problem';
  const wrong = () => random.chance(mess);
  const unnamed = wrong();
  const named = (random.chance(0.4) ? spoilt(fact.person) : null) ?? fact.person;
  const address = mess > 0 ? mail(random) : { text: 'a@gmail.com', means: 'fine' as const };
  const school = wrong() ? random.one(NO_SCHOOL) : random.one(typingsOf(fact.school));
  const level =
    form === 'initial'
      ? 'initial'
      : wrong()
        ? random.one(['missing', 'unknown', 'initial'])
        : fact.level === 'initial'
          ? 'advanced'
          : fact.level;
  const year = wrong() ? random.one(NO_YEAR) : random.one(yearTypings(fact.year, random, runningYear(at)));
  const number = wrong() ? null : fact.certificate;
  const [evidence, consent, description, notNeeded] = [!wrong(), !wrong(), !wrong(), random.chance(0.07)];
  const answers: Record<string, string> = {
    電子郵件地址: address.text,
    姓名: unnamed ? random.one(NO_NAME) : nameText(random, named),
    服務學校: typed(random, school.text),
    個人資料蒐集同意: consent ? typed(random, '我已閱讀並同意') : random.one(['', ' ', '不同意', '我不同意']),
    備註: random.one([
      '',
      '謝謝',
      '第一行\n第二行，"引號"',
      '=1+1',
      '@SUM(A1:A9)',
      '不同意、105、臺教師(三)字第1號',
      '😀',
    ]),
    [enquiry ? '申請認證類別' : '證書類別']:
      level === 'missing' ? '' : typed(random, random.one(LEVEL_TEXTS[level])),
    取得學年度: typed(random, year.text),
    證書字號: number ? numberText(random, number) : random.one(NO_NUMBER),
    作業平臺顯示情形: notNeeded
      ? typed(random, '有顯示證書字號但無顯示年度')
      : random.one(['未顯示證書', '未顯示證書', '', '有顯示證書字號']),
    [enquiry ? '佐證資料' : '證書掃描檔']: evidence
      ? `https://drive.google.com/open?id=${at}`
      : random.one(['', ' ', '無']),
    問題說明: description
      ? random.one(['105年研習18小時查無紀錄', '=1+1 研習缺漏', '第一行\n第二行'])
      : random.one(['', ' ', '-']),
  };
  return {
    form,
    at,
    answers,
    says: {
      own: !unnamed && named.name.includes(OWN),
      person: unnamed ? null : named.id,
      mail: address.means,
      school: school.means,
      level,
      year: year.means,
      number,
      evidence,
      consent,
      description,
      notNeeded,
    },
  };
}

/**
 * Rows of all forms in the order of time; some repeat an earlier one by other words, form, mail or hand.
 * @param fits rows that do not are left out, and others are made
 */
export function makeRows(seed: number, count: number, fits = (_row: MadeRow) => true): MadeRow[] {
  const random = createRandom(seed);
  const facts: Truth[] = [];
  const rows: MadeRow[] = [];
  const taken = new Set<number>();
  // Also of rows that are left out: no two persons share a name, and no two certificates a number.
  let serial = 0;
  while (rows.length < count) {
    const earlier = facts.length > 0 && random.chance(0.3) ? random.one(facts.slice(-200)) : null;
    serial += 1;
    const fresh = truth(random, serial);
    let fact = earlier ?? fresh;
    // Another person's number, another class of the same person, another number of the same person.
    const swap = random.between(1, 100);
    if (earlier && swap <= 15) fact = { ...fresh, certificate: earlier.certificate };
    else if (earlier && swap <= 28) fact = { ...fresh, person: earlier.person, school: earlier.school };
    else if (earlier && swap <= 36) fact = { ...earlier, certificate: fresh.certificate };
    if (!earlier) facts.push(fact);
    const form = fact.form !== 'initial' && random.chance(0.15) ? random.one(FORMS) : fact.form;
    let at = when(random, form);
    while (taken.has(at)) at += 1;
    taken.add(at);
    const row = entry(
      random,
      fact,
      form === 'initial' && fact.level !== 'initial' ? fact.form : form,
      at,
      random.one([0, 0, 0.04, 0.15]),
    );
    if (fits(row)) rows.push(row);
  }
  return rows.toSorted((a, b) => a.at - b.at);
}
