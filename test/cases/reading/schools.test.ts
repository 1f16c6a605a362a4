import { describe, expect, it } from 'vitest';
import { readSchool, schoolKey, schoolNameKey } from '../../../sync-service/src/cases/reading/schools.ts';
import { tainan } from '../helpers.ts';

const { schools } = tainan;

function read(text: string): string {
  const reading = readSchool(schools, text);
  if (reading.kind === 'school') return schoolKey(reading.school);
  if (reading.kind !== 'ambiguous') return reading.kind;
  return `ambiguous ${reading.schools
    .map((school) => school.code)
    .toSorted()
    .join(' ')}`;
}

const SANCI = '114705/elementary';

describe('one school, written in every way', () => {
  it.each([
    '114705',
    '１１４７０５',
    '114705 市立三慈國小',
    '114705市立三慈國小',
    '114705-三慈國小',
    '114705　三慈',
    '三慈國小（114705）',
    '三慈國小 114705',
    '市立三慈國小',
    '臺南市立三慈國小',
    '台南市立三慈國小',
    '台南市三慈國小',
    '臺南市立三慈國民小學',
    '三慈國小',
    '三慈',
    '三 慈 國 小',
    ' 三慈國小　',
    '三慈國小。',
    '台南市北門區三慈國小',
    '三慈國小（北門區）',
    '臺南縣北門鄉三慈國小',
    // The code speaks where the name is misspelt, the name where the code is.
    '114705 三滋國小',
    '999999 三慈國小',
  ])('%s', (text) => {
    expect(read(text)).toBe(SANCI);
  });

  it('every line of the roster by its name, full name and code with name', () => {
    for (const school of schools)
      for (const text of [
        school.name,
        `${school.county}${school.name}`,
        `${school.code} ${school.name}`,
        `${school.code}${school.name}`,
        `${school.name}（${school.code}）`,
        school.name
          .replace('臺', '台')
          .replace('國小', '國民小學')
          .replace('國中', '國民中學')
          .replace('高中', '高級中學'),
      ])
        expect([text, read(text)]).toEqual([text, schoolKey(school)]);
  });

  it.each([
    ['志開國小', '213607/elementary'],
    ['志開實小', '213607/elementary'],
    ['志開實驗國小', '213607/elementary'],
    ['九份子國中小', '213647/elementary'],
    ['九份子國民中小學', '213647/elementary'],
    ['九份子國小', '213647/elementary'],
    ['文賢國中', '213517/junior'],
    ['仁德文賢國中', '114502/junior'],
    ['國立臺南大學附屬高級中學', '110308/senior'],
    ['臺南大學附設實驗國民小學', '210601/elementary'],
    ['國立臺南女子高級中學', '210306/senior'],
    ['台南女中', '210306/senior'],
    ['南一中', '210305/senior'],
    ['南大附小', '210601/elementary'],
    ['臺南仁德國中', '114501/junior'],
    ['臺南市安南區鎮海國小', '213632/elementary'],
    ['左鎮國中（左鎮區）', '114517/junior'],
    ['大灣高中附設國中（永康區）', '114306/junior'],
    ['臺南縣永康市復興國小', '114627/elementary'],
    ['善化鎮大同國小', '114649/elementary'],
    ['東區市立大同國小', '213603/elementary'],
    ['私立崑山高中附設國中部 - 211317', '211317/junior'],
    ['學校代碼：114705 三慈國小', SANCI],
    ['國立臺南第二高級中學', '210303/senior'],
    ['國立新化高級工業職業學校', '110401/senior'],
    ['臺南光華學校財團法人臺南市光華高中', '211310/senior'],
  ])('%s', (text, key) => {
    expect(read(text)).toBe(key);
  });
});

describe('a code that a senior high shares with its junior section', () => {
  it('is ambiguous alone', () => {
    expect(read('211318')).toBe('ambiguous 211318 211318');
  });
  it.each([
    ['211318 德光高中', '211318/senior'],
    ['211318 私立德光高級中學', '211318/senior'],
    ['211318 德光高中國中部', '211318/junior'],
    ['德光高中附設國中部 211318', '211318/junior'],
    ['德光高中', '211318/senior'],
    ['德光高中國中部', '211318/junior'],
  ])('%s', (text, key) => {
    expect(read(text)).toBe(key);
  });
});

describe('the six doubled names', () => {
  const doubled: [name: string, codes: [string, string], places: [string, string]][] = [
    ['復興國小', ['114627', '213639'], ['永康區', '東區']],
    ['大同國小', ['114649', '213603'], ['善化區', '東區']],
    ['南興國小', ['114658', '213635'], ['安定區', '安南區']],
    ['成功國小', ['114677', '213620'], ['西港區', '中西區']],
    ['新興國小', ['114731', '213608'], ['新營區', '南區']],
    ['勝利國小', ['114784', '213601'], ['永康區', '東區']],
  ];
  it.each(doubled)('%s is ambiguous by itself', (name, codes) => {
    for (const text of [
      name,
      `市立${name}`,
      `臺南市立${name}`,
      ` ${name} `,
      name.replace('國小', '國民小學'),
    ])
      expect(read(text)).toBe(`ambiguous ${codes.join(' ')}`);
  });
  it.each(doubled)('%s is told by its district or code', (name, codes, places) => {
    codes.forEach((code, i) => {
      const key = `${code}/elementary`;
      for (const text of [
        `${places[i]}${name}`,
        `台南市${places[i]}${name}`,
        `${name}（${places[i]}）`,
        `${code} ${name}`,
        code,
      ])
        expect([text, read(text)]).toEqual([text, key]);
    });
  });
  it('a district that has none of them leaves it ambiguous', () => {
    expect(read('北區復興國小')).toBe('ambiguous 114627 213639');
  });
  it('the bare name is ambiguous over the levels too', () => {
    expect(read('復興')).toBe('ambiguous 114627 213514 213639');
  });
});

describe('no school', () => {
  it.each(['', ' ', '　', '-', '。'])('%j is missing', (text) => {
    expect(read(text)).toBe('missing');
  });
  it.each([
    '我的學校',
    '霍格華茲國小',
    '999999',
    '11470',
    '三慈國中',
    '臺北市三慈國小',
    '高雄市復興國小',
    '114705／114706',
    '國小',
    '台南市',
    '114705114706',
  ])('%s is unknown', (text) => {
    expect(read(text)).toBe('unknown');
  });
  it('a code and a name of different schools are asked about', () => {
    expect(read('114705 蓮潭國小')).toBe('ambiguous 113601 114705');
  });
});

it('the key of a name joins widths, blanks, 台 and 臺, brackets and long forms', () => {
  expect(schoolNameKey(' 台南市立（三慈）國民小學 ')).toBe('臺南市立三慈國小');
  expect(schoolNameKey(schoolNameKey('國立臺南第一高級中學'))).toBe('國立臺南一中');
});
