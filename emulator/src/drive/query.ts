import { invalidValue } from './error.ts';

/** What a query may ask of a file. */
export interface Searchable {
  name: string;
  mimeType: string;
  createdTime: string;
  modifiedTime: string;
  viewedByMeTime: string;
  trashed: boolean;
  starred: boolean;
  sharedWithMe: boolean;
  parents: readonly string[];
  owners: readonly string[];
  writers: readonly string[];
  readers: readonly string[];
  visibility: string;
  properties: Record<string, string>;
  appProperties: Record<string, string>;
  /** Read only where a query asks for it. */
  fullText(): string;
}

type Test = (file: Searchable) => boolean;
type Token = { kind: 'word' | 'text' | 'sign'; value: string };

const TOKEN =
  /\s*(?:(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<sign><=|>=|!=|[=<>(){}])|(?<word>[A-Za-z.]+))/uy;
const TIMES = ['createdTime', 'modifiedTime', 'viewedByMeTime'] as const;
const FLAGS = ['trashed', 'starred', 'sharedWithMe'] as const;
const COLLECTIONS = ['parents', 'owners', 'writers', 'readers'] as const;
const MAPS = ['properties', 'appProperties'] as const;

const among = <T extends string>(names: readonly T[], name: string): name is T =>
  (names as readonly string[]).includes(name);

/**
 * Parses Drive's query language. `and` and `or` have the same rank and are taken from left to right, as Google
 * documents. https://developers.google.com/workspace/drive/api/guides/ref-search-terms
 * @throws DriveError "Invalid Value" at `q`
 */
export function parseQuery(q: string, me: string): { test: Test; fullText: boolean } {
  if (q.trim() === '') return { test: () => true, fullText: false };
  const parser = new Parser(tokens(q), me);
  return { test: parser.whole(), fullText: parser.fullText };
}

const wrong = () => invalidValue('q');

function tokens(q: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (q.slice(TOKEN.lastIndex).trim() !== '') {
    const groups = TOKEN.exec(q)?.groups;
    if (!groups) throw wrong();
    if (groups.text !== undefined)
      found.push({ kind: 'text', value: groups.text.slice(1, -1).replaceAll(/\\(.)/gu, '$1') });
    else if (groups.sign) found.push({ kind: 'sign', value: groups.sign });
    else found.push({ kind: 'word', value: groups.word ?? '' });
  }
  return found;
}

class Parser {
  fullText = false;
  readonly #tokens: Token[];
  readonly #me: string;
  #at = 0;

  constructor(found: Token[], me: string) {
    this.#tokens = found;
    this.#me = me;
  }

  whole(): Test {
    const test = this.#clauses();
    if (this.#at < this.#tokens.length) throw wrong();
    return test;
  }

  #next(kind?: Token['kind'], value?: string): Token {
    const token = this.#tokens[this.#at];
    if (!token || (kind && token.kind !== kind) || (value && token.value.toLowerCase() !== value))
      throw wrong();
    this.#at += 1;
    return token;
  }

  #is(kind: Token['kind'], value: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === kind && token.value.toLowerCase() === value;
  }

  #clauses(): Test {
    let left = this.#clause();
    for (;;) {
      const [before, isAnd] = [left, this.#is('word', 'and')];
      if (!isAnd && !this.#is('word', 'or')) return left;
      this.#at += 1;
      const right = this.#clause();
      left = isAnd ? (file) => before(file) && right(file) : (file) => before(file) || right(file);
    }
  }

  #clause(): Test {
    if (this.#is('word', 'not')) {
      this.#at += 1;
      const test = this.#clause();
      return (file) => !test(file);
    }
    if (this.#is('sign', '(')) {
      this.#at += 1;
      const test = this.#clauses();
      this.#next('sign', ')');
      return test;
    }
    const first = this.#next();
    return first.kind === 'text' ? this.#membership(first.value) : this.#comparison(first);
  }

  /** Parses `'id' in parents`. */
  #membership(wanted: string): Test {
    this.#next('word', 'in');
    const collection = this.#next('word').value;
    if (!among(COLLECTIONS, collection)) throw wrong();
    return this.#inside(wanted, collection);
  }

  #inside(wanted: string, collection: (typeof COLLECTIONS)[number]): Test {
    const id = wanted === 'me' && collection !== 'parents' ? this.#me : wanted;
    return (file) => file[collection].some((each) => each.toLowerCase() === id.toLowerCase());
  }

  #comparison(term: Token): Test {
    if (term.kind !== 'word') throw wrong();
    const field = term.value;
    const operator = this.#next().value.toLowerCase();
    if (among(MAPS, field)) return this.#has(field, operator);
    // Google takes a collection on either side of `in`.
    if (operator === 'in' && among(COLLECTIONS, field)) return this.#inside(this.#next('text').value, field);
    const operand = this.#next();
    const wanted = operand.value;
    if (among(FLAGS, field)) {
      if (!/^!?=$/u.test(operator) || !/^(true|false)$/iu.test(wanted)) throw wrong();
      return (file) => (file[field] === (wanted.toLowerCase() === 'true')) === (operator === '=');
    }
    if (operand.kind !== 'text') throw wrong();
    if (among(TIMES, field)) return timeTest(field, operator, wanted);
    if (field === 'fullText' && operator === 'contains') {
      this.fullText = true;
      const found = fullTextTest(wanted);
      return (file) => found(file.fullText());
    }
    if (field === 'name' && operator === 'contains') {
      const found = prefixTest(wanted);
      return (file) => found(file.name);
    }
    if (field === 'mimeType' && operator === 'contains') return (file) => file.mimeType.includes(wanted);
    if (field !== 'name' && field !== 'mimeType' && field !== 'visibility') throw wrong();
    if (operator !== '=' && operator !== '!=') throw wrong();
    const same = wanted.toLowerCase();
    return (file) => (file[field].toLowerCase() === same) === (operator === '=');
  }

  /** Parses `properties has { key='x' and value='y' }`. */
  #has(field: (typeof MAPS)[number], operator: string): Test {
    if (operator !== 'has') throw wrong();
    this.#next('sign', '{');
    this.#next('word', 'key');
    this.#next('sign', '=');
    const key = this.#next('text').value;
    this.#next('word', 'and');
    this.#next('word', 'value');
    this.#next('sign', '=');
    const value = this.#next('text').value;
    this.#next('sign', '}');
    return (file) => file[field][key] === value;
  }
}

function timeTest(field: (typeof TIMES)[number], operator: string, wanted: string): Test {
  // A time without an offset is UTC.
  const then = Date.parse(
    /(Z|[-+]\d\d:?\d\d)$/iu.test(wanted) || !wanted.includes('T') ? wanted : `${wanted}Z`,
  );
  if (Number.isNaN(then)) throw wrong();
  const compare: Record<string, (now: number) => boolean> = {
    '<': (now) => now < then,
    '<=': (now) => now <= then,
    '=': (now) => now === then,
    '!=': (now) => now !== then,
    '>': (now) => now > then,
    '>=': (now) => now >= then,
  };
  const test = compare[operator];
  if (!test) throw wrong();
  return (file) => file[field] !== '' && test(Date.parse(file[field]));
}

/**
 * Splits a text into words of letters and digits. Each Chinese character counts as a word, since no spaces divide them.
 */
function words(text: string): string[] {
  return text.toLowerCase().match(/\p{Script=Han}|[[\p{L}\p{N}]--\p{Script=Han}]+/gv) ?? [];
}

/** Each word asked for begins some word of the name. */
function prefixTest(wanted: string): (name: string) => boolean {
  const asked = words(wanted);
  return (name) => {
    const there = words(name);
    return asked.every((word) => there.some((each) => each.startsWith(word)));
  };
}

/** Finds whole words in any order, and those between double quotes in their order. */
function fullTextTest(wanted: string): (text: string) => boolean {
  const asked = words(wanted);
  const phrase = /^".*"$/su.test(wanted.trim());
  return (text) => {
    const there = words(text);
    if (!phrase) return asked.every((word) => there.includes(word));
    return there.some((_word, at) => asked.every((word, step) => there[at + step] === word));
  };
}
