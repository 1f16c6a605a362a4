import { readFileSync } from 'node:fs';
import type { Random } from '../../chaos/random.ts';

/**
 * Schools as the oracle knows them: from the CSV itself, and by rules written out once more. A spelling means the schools
 * it could mean; one of them is that school, several are ambiguous, none is unknown.
 */
export interface RosterSchool {
  code: string;
  name: string;
  level: string;
}
export type SchoolExpectation = 'missing' | 'unknown' | 'ambiguous' | RosterSchool;
export interface SchoolTyping {
  text: string;
  means: SchoolExpectation;
}

export const ROSTER: RosterSchool[] = readFileSync('programs/schools-tainan.csv', 'utf8')
  .trim()
  .split(/\r?\n/u)
  .slice(1)
  .map((line) => line.split(','))
  .map(([code = '', name = '', , level = '']) => ({ code, name, level }));

const withoutOwner = (name: string) =>
  name
    .replace(/^.*(?:財團法人)/u, '')
    .replace(/^(?:市立|國立|私立|臺南市)+/u, '')
    .replace(/^立/u, '');
const DISTRICTS = /^(永康區|東區|善化區|安定區|安南區|西港區|中西區|新營區|南區)(?=.{4})/u;
const short = (school: RosterSchool) => withoutOwner(school.name).replace(DISTRICTS, '');
const district = (school: RosterSchool) => DISTRICTS.exec(withoutOwner(school.name))?.[1] ?? '';

function byKey(key: (school: RosterSchool) => string): Map<string, RosterSchool[]> {
  const map = new Map<string, RosterSchool[]>();
  for (const school of ROSTER) map.set(key(school), [...(map.get(key(school)) ?? []), school]);
  return map;
}
const BY_CODE = byKey(({ code }) => code);
const BY_SHORT = byKey(short);
const STEM = /(?<!附設)(?:生態實驗小學|實驗小學|國小|國中|(?<!實驗)高中|國\(中\)小)$/u;
const BY_STEM = byKey((school) => short(school).replace(STEM, ''));

const oneOf = (found: readonly RosterSchool[] = []): SchoolExpectation =>
  found.length === 1 ? (found[0] as RosterSchool) : 'ambiguous';

function longForm(text: string): string {
  return text
    .replace(/國小$/u, '國民小學')
    .replace(/國中部$/u, '國民中學部')
    .replace(/國中$/u, '國民中學')
    .replace(/女中(?=$|附)/u, '女子高級中學')
    .replace(/高中(?=$|附)/u, '高級中學');
}

/** What the districts were before 2010; those of the old city were districts then too. */
const FORMER: Record<string, string> = {
  永康區: '市',
  新營區: '市',
  善化區: '鎮',
  安定區: '鄉',
  西港區: '鄉',
};

/** Every way of naming a school that we can think of, with what it must mean. */
export function typingsOf(school: RosterSchool): SchoolTyping[] {
  const { code, name } = school;
  const bare = short(school);
  const place = district(school);
  const placed = withoutOwner(name);
  const own = school;
  const owned = name.startsWith('市立') ? name.slice(2) : null;
  const stem = bare.replace(STEM, '');
  const sure: string[] = [
    name,
    ...[' ', '　', '', '-', '_', '/', '：', '、', ' - ', ','].flatMap((gap) => [
      `${code}${gap}${name}`,
      `${name}${gap}${code}`,
    ]),
    `${name}（${code}）`,
    `${name}(${code})`,
    `（${code}）${name}`,
    `[${code}]${name}`,
    `${code} ${bare}`,
    `${bare} ${code}`,
    `${code} ${placed}`,
    `代碼${code} ${name}`,
    `學校代碼：${code} ${bare}`,
    longForm(name),
    `${code} ${longForm(bare)}`,
    ...(owned === null
      ? []
      : [
          `臺南市立${owned}`,
          `台南市立${owned}`,
          `臺南市${owned}`,
          `台南市市立${owned}`,
          `臺南市立${longForm(owned)}`,
        ]),
    ...(name.startsWith('私立')
      ? [`臺南市${name}`, `臺南市私立${longForm(name.slice(2))}`, `台南${name}`]
      : []),
    ...(place === ''
      ? []
      : [
          `${place}${bare}`,
          `臺南市${place}${bare}`,
          `台南市${place}${longForm(bare)}`,
          `${bare}（${place}）`,
          `臺南縣${place.replace(/區$/u, FORMER[place] ?? '區')}${bare}`,
          `${place}市立${bare}`,
          `${place} ${bare}`,
          `${place}-${bare}`,
          `臺南市立${bare}（${place}）`,
        ]),
  ];
  const typings: SchoolTyping[] = sure.map((text) => ({ text, means: own }));
  const means = oneOf(BY_SHORT.get(bare));
  for (const text of [bare, longForm(bare), `臺南市${bare}`, `台南市${bare}`, `臺南${bare}`, `台南${bare}`])
    typings.push({ text, means });
  if (name.startsWith('市立')) typings.push({ text: `市立${bare}`, means });
  typings.push({ text: code, means: oneOf(BY_CODE.get(code)) });
  if (STEM.test(bare) && stem.length > 1) typings.push({ text: stem, means: oneOf(BY_STEM.get(stem)) });
  return typings;
}

export const NO_SCHOOL: SchoolTyping[] = [
  ...['', ' ', '　', '-', '—', '.', '。', '\u200b', '--', '－', '／', '…', '?'].map((text) => ({
    text,
    means: 'missing' as const,
  })),
  ...[
    '我的學校',
    '霍格華茲國小',
    '無',
    '不知道',
    '退休',
    '國小',
    '國中',
    '高中',
    '學校',
    '市立國小',
    '市立',
    '臺南市',
    '臺南市立',
    '臺南市立國小',
    '東區',
    '國立',
    '高雄市立三民國小',
    '高雄市三慈國小',
    '臺北市立大同國小',
    '台北市大同國小',
    '桃園市復興國小',
    '新北市立板橋高中',
    '嘉義市立大同國小',
    '嘉義縣新港國中',
    '屏東縣勝利國小',
    '台中市大成國中',
    '新竹市三民國小',
    '999999',
    '123456',
    '11470',
    '1147050',
    '114705114706',
    '１１４',
    'A',
    'abc',
    '三慈國中',
    '篤加國中',
    '=HYPERLINK("http://x.example","三慈國小")',
    '教育局',
    '臺南市政府教育局',
    '臺南大學',
    '成功大學',
    '教專中心',
    '代理',
    'N/A',
    '其他',
  ].map((text) => ({ text, means: 'unknown' as const })),
];

/** Districts that people put before or behind a name although the roster has none there. */
const PLACES = [
  '北門區',
  '永康市',
  '新營市',
  '仁德區',
  '七股鄉',
  '新化鎮',
  '中西區',
  '東區',
  '安南區',
] as const;

function strayPlace(school: RosterSchool): SchoolTyping[] {
  const bare = short(school);
  if (district(school) !== '' || !/^市立.*(?:國小|國中)$/u.test(school.name)) return [];
  const means = oneOf(BY_SHORT.get(bare));
  return PLACES.flatMap((place) =>
    [
      `${place}${bare}`,
      `臺南市${place}${bare}`,
      `臺南縣${place}${bare}`,
      `${bare}（${place}）`,
      `台南${place}${bare}`,
    ].map((text) => ({ text, means })),
  );
}

/** A code beside another school's name, a misspelt name, a name that is not the code's level. */
function twoSayings(random: Random, school: RosterSchool): SchoolTyping[] {
  const other = random.one(ROSTER);
  const both = other.code === school.code ? school : 'ambiguous';
  return [
    { text: `${school.code} ${other.name}`, means: both === 'ambiguous' ? both : other },
    { text: `${other.name}（${school.code}）`, means: both === 'ambiguous' ? both : other },
    ...(BY_CODE.get(school.code)?.length === 1 ? [{ text: `${school.code} 三滋國小`, means: school }] : []),
    { text: `${school.code}／${other.code}`, means: 'unknown' },
  ];
}

export function schoolTypings(random: Random): SchoolTyping[] {
  return [
    ...NO_SCHOOL,
    ...ROSTER.flatMap((school) => [
      ...typingsOf(school),
      ...strayPlace(school),
      ...twoSayings(random, school),
    ]),
  ];
}
