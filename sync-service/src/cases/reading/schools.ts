import type { School } from '../types.ts';
import { squeeze } from './text.ts';

export type SchoolReading =
  | { kind: 'missing' }
  | { kind: 'unknown' }
  | { kind: 'ambiguous'; schools: School[] }
  | { kind: 'school'; school: School };

/** The key that tells schools apart: a code is shared by a senior high and its junior section. Null where none is known. */
export function schoolKey(school: School): string;
export function schoolKey(school: School | null): string | null;
export function schoolKey(school: School | null): string | null {
  return school && `${school.code}/${school.level}`;
}

const LONG_FORMS: [RegExp, string][] = [
  [/第([一二三四五六七八九])高級(?:中等學校|中學)/u, '$1中'],
  [/大學附(?:屬|設)高級(?:中等學校|中學)/u, '大學附中'],
  [/大學附(?:屬|設)(?:實驗)?國民小學/u, '大學附小'],
  [/國民中小學/u, '國中小'],
  [/國民小學/u, '國小'],
  [/國民中學/u, '國中'],
  [/女子高級(?:中等學校|中學)/u, '女中'],
  [/高級中等?學校?/u, '高中'],
  [/高級工業職業學校/u, '高工'],
  [/高級商業職業學校/u, '高商'],
  [/高級農工職業學校/u, '農工'],
  [/高級家事商業職業學校/u, '家商'],
  [/高級商工職業學校/u, '商工'],
  [/高級工商職業學校/u, '工商'],
  [/高級海事水產職業學校/u, '海事'],
  [/附設(?=國中)/u, ''],
  [/(?<=[高女]中)國中部$/u, '國中'],
  [/實驗國小$/u, '實驗小學'],
  [/實驗高中$/u, '實中'],
  // 東區市立大同國小
  [/(?<=[區鄉鎮])[市縣]立/u, ''],
];
const OWNER = /^(?:.*學校)?(?:財團法人|[市國私縣]立)+/u;
/** Matches what stands before the school's own name; 新市國小 has no district. */
const DISTRICT = /^([\u4e00-\u9fff]{1,2})([區鄉鎮市])(?!國小|國中|小學|高中|高工|高商|實驗)(?=.{3,})/u;
/** A district that the roster does not name, behind or before; townships are what districts were before 2010. */
const TYPED_DISTRICTS = [
  /(?<=國[小中]|小學|高中)(?!國中)[\u4e00-\u9fff]{1,3}[區鄉鎮]$/u,
  // The shortest match comes first: 東區鎮海國小 lies in 東區, not in 東區鎮.
  /^[\u4e00-\u9fff]{1,3}?[區鄉鎮](?=.{2,})/u,
];

/** What parts a code, a district and a name from one another. No school's name has any of it. */
const MARKS = /[()[\]「」〔〕【】,.。、:;/_‐‑‒–—―−-]/gu;
const CODE_LABEL = /(?:(?:學校)?代[碼號])+(?=[0-9A-Z]{6})/giu;

/** Brings names to one spelling for comparing: width, blanks, 台/臺, brackets, long forms. */
export function schoolNameKey(raw: string): string {
  let text = squeeze(raw).replaceAll('台', '臺').replace(MARKS, '').normalize('NFKC').replace(CODE_LABEL, '');
  for (const [long, short] of LONG_FORMS) text = text.replace(long, short);
  return text;
}

/** Lists the spellings of one school from the fullest to the shortest; the first that matches anything decides. */
type Tier = 0 | 1 | 2 | 3;
const TIERS: readonly Tier[] = [0, 1, 2, 3];

export interface SchoolIndex {
  byCode: Map<string, School[]>;
  tiers: [Map<string, School[]>, Map<string, School[]>, Map<string, School[]>, Map<string, School[]>];
  counties: string[];
  /** 臺南 of 臺南市. */
  places: string[];
  /** What became 永康區 in 2010 was 永康市: a city of the county, unlike 高雄市. */
  formerCities: string[];
}

const indexes = new WeakMap<readonly School[], SchoolIndex>();

function indexOf(schools: readonly School[]): SchoolIndex {
  const made = indexes.get(schools);
  if (made) return made;
  const index: SchoolIndex = {
    byCode: new Map(),
    tiers: [new Map(), new Map(), new Map(), new Map()],
    counties: [...new Set(schools.flatMap((school) => countyNames(school.county)))],
    places: [],
    formerCities: [],
  };
  index.places.push(...new Set(index.counties.map((county) => county.replace(/[縣市]$/u, ''))));
  for (const school of schools) {
    add(index.byCode, school.code, school);
    const [, district = '', kind] =
      DISTRICT.exec(withoutOwner(schoolNameKey(school.name), index.counties)) ?? [];
    if (kind === '區' && district.length > 1) index.formerCities.push(`${district}市`);
    for (const [tier, key] of spellings(school, index.counties)) add(index.tiers[tier], key, school);
  }
  indexes.set(schools, index);
  return index;
}

function add(map: Map<string, School[]>, key: string, school: School) {
  if (key === '') return;
  const list = map.get(key);
  if (!list) map.set(key, [school]);
  else if (!list.includes(school)) list.push(school);
}

/** Before they became municipalities in 2010 there were a 臺南縣 and a 臺南市, and people still write either. */
function countyNames(county: string): string[] {
  const name = squeeze(county).replaceAll('台', '臺');
  return [name, name.replace(/[縣市]$/u, (last) => (last === '縣' ? '市' : '縣'))];
}

const LEVEL_NAME = /(?:(?:生態)?實驗小學|國小|國中|高中)$/u;

function spellings(school: School, counties: string[]): [Tier, string][] {
  // 國(中)小 and 國中(代用) are called with and without what stands in brackets.
  const names = [school.name, school.name.replace(/[(（][^()（）]*[)）]/u, '')].map(schoolNameKey);
  return [...new Set(names)].flatMap((name): [Tier, string][] => {
    const ownerless = withoutOwner(name, counties);
    const short = ownerless.replace(DISTRICT, '');
    const [, place] = DISTRICT.exec(ownerless) ?? [];
    // 永康復興國小, 復興國小（永康區）, 永康市復興國小 as it was until 2010
    const kinds = place === undefined ? [] : ['', '區', '鄉', '鎮', '市'];
    const placed = kinds.flatMap((kind) => [`${place}${kind}${short}`, `${short}${place}${kind}`]);
    return [
      [0, name],
      [1, ownerless],
      [2, short],
      ...placed.map((each): [Tier, string] => [2, each]),
      [3, short.replace(/(?:生態)?實驗小學$/u, '國小')],
      [3, short.replace(/(?:生態)?實驗小學$/u, '實小')],
      [3, short.replace(/小學$/u, '國小')],
      [3, short.replace(LEVEL_NAME, '')],
      [3, ownerless.replace(LEVEL_NAME, '')],
      ...nicknames(ownerless, counties),
    ];
  });
}

/** 南一中, 南女中, 南大附小: of a county in a school's own name the last character stands. */
function nicknames(name: string, counties: string[]): [Tier, string][] {
  const place = counties.map((county) => county.slice(0, -1)).find((each) => name.startsWith(each));
  if (!place || place.length < 2) return [];
  const nickname = `${place.slice(-1)}${name.slice(place.length)}`;
  return [nickname, nickname.replace('大學附', '大附')].map((each): [Tier, string] => [3, each]);
}

function withoutOwner(name: string, counties: string[]): string {
  let text = name;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(OWNER, '');
    for (const county of counties) {
      if (text.startsWith(county)) text = text.slice(county.length);
      // 臺南市立三慈國小: the county lends its last character to 市立.
      else if (text.startsWith(`${county}立`)) text = text.slice(county.length + 1);
    }
    text = text.replace(/^立/u, '');
  }
  return text;
}

/** Finds the school by code, code and name, full name or short name. */
export function readSchool(schools: readonly School[], raw: string | undefined): SchoolReading {
  const text = schoolNameKey(raw ?? '');
  if (!/[\p{L}\p{N}]/u.test(text)) return { kind: 'missing' };
  const index = indexOf(schools);
  const { typed, schools: byCode } = codeIn(index, text);
  // The name is read once more without the code, which stood at its end.
  const name = schoolNameKey(text.replace(typed, ''));
  if (byCode.length === 0) return verdict(byName(index, name || text));
  if (name === '') return verdict(byCode);
  const named = byName(index, name);
  const both = byCode.filter((school) => named.includes(school));
  if (both.length > 0) return verdict(both);
  // The code decides where the name is misspelt. Where code and name are of different schools, the teacher is asked.
  return verdict(named.length === 0 ? byCode : [...byCode, ...named]);
}

const CODE = /^[0-9A-Z]{6}(?![0-9])|(?<![0-9])[0-9A-Z]{6}$/iu;
/** A code whose zeros at the beginning a spreadsheet has dropped. */
const SHORT_CODE = /^[0-9]{3,5}(?![0-9])|(?<![0-9])[0-9]{3,5}$/u;

/** The code that stands before or behind a name or alone, and the schools that bear it. */
function codeIn(index: SchoolIndex, text: string): { typed: string; schools: School[] } {
  const [typed = ''] = CODE.exec(text) ?? [];
  const [short = ''] = typed ? [] : (SHORT_CODE.exec(text) ?? []);
  const shortened = short && index.byCode.get(short.padStart(6, '0'));
  if (shortened) return { typed: short, schools: shortened };
  return { typed, schools: index.byCode.get(typed.toUpperCase()) ?? [] };
}

function byName(index: SchoolIndex, name: string): School[] {
  const ownerless = withoutOwner(name, index.counties);
  const found = lookUp(index, name) ?? lookUp(index, ownerless) ?? byPlacedName(index, ownerless);
  if (found) return found;
  // 臺南三慈國小; 臺南一中 was found before, 臺南 being part of its name.
  const place = index.places.find((each) => ownerless.startsWith(each));
  const bare = place ? withoutOwner(ownerless.slice(place.length), index.counties) : '';
  return lookUp(index, bare) ?? byPlacedName(index, bare) ?? [];
}

/** Reads a name with a district that the roster does not have. */
function byPlacedName(index: SchoolIndex, name: string): School[] | undefined {
  const city = index.formerCities.find((each) => name.startsWith(each) || name.endsWith(each));
  const bares = [...TYPED_DISTRICTS, ...(city ? [city] : [])].map((place) => name.replace(place, ''));
  const found = bares.map((bare) => (bare === name ? undefined : lookUp(index, bare))).find(Boolean);
  // A single match in another district is not taken: the teacher cannot have meant it.
  const [only] = found?.length === 1 ? found : [];
  return only && DISTRICT.test(withoutOwner(schoolNameKey(only.name), index.counties)) ? undefined : found;
}

function lookUp(index: SchoolIndex, spelling: string): School[] | undefined {
  for (const tier of TIERS) {
    const found = index.tiers[tier].get(spelling);
    if (found) return found;
  }
  return undefined;
}

function verdict(schools: School[]): SchoolReading {
  const [first] = schools;
  if (!first) return { kind: 'unknown' };
  return schools.length === 1 ? { kind: 'school', school: first } : { kind: 'ambiguous', schools };
}
