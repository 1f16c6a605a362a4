/** Text that Google does not take for JSON; the message is the one that Google gives. */
export class JsonError extends Error {}

/** How much of the text a message shows on each side of the place. */
const CONTEXT = 20;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/uy;
const KEY = /[A-Za-z_$][\w$]*/uy;
const WORDS = { true: true, false: false, null: null } as const;

/**
 * JSON as Google's front end reads it: it forgives bare keys, single quotes and a last comma, and its messages point
 * at the place.
 */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return new Reader(text).whole();
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): unknown {
    const value = this.#value('Expected a value.');
    if (this.#peek() !== '') throw this.#error('Parsing terminated before end of input.');
    return value;
  }

  #peek(): string {
    while (/\s/u.test(this.#text[this.#at] ?? '')) this.#at += 1;
    return this.#text[this.#at] ?? '';
  }

  #error(message: string): JsonError {
    const begin = Math.max(this.#at - CONTEXT, 0);
    const said = this.#peek() === '' ? `Unexpected end of string. ${message}` : message;
    const segment = this.#text.slice(begin, this.#at + CONTEXT);
    return new JsonError(`${said}\n${segment}\n${' '.repeat(this.#at - begin)}^`);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #value(expected: string): unknown {
    const next = this.#peek();
    if (next === '{') return this.#object();
    if (next === '[') return this.#list();
    if (next === '"' || next === "'") return this.#string(next);
    if (/[-\d]/u.test(next)) {
      const number = this.#match(NUMBER);
      if (number === null) throw this.#error('Unable to parse number.');
      return Number(number);
    }
    for (const [word, value] of Object.entries(WORDS))
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    throw this.#error(/[A-Za-z_$}\]:,]/u.test(next) ? 'Unexpected token.' : expected);
  }

  #object(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#at += 1;
    for (;;) {
      const next = this.#peek();
      if (next === '}') break;
      const key = next === '"' || next === "'" ? this.#string(next) : this.#match(KEY);
      if (key === null) throw this.#error('Expected an object key or }.');
      if (this.#peek() !== ':') throw this.#error('Expected : between key:value pair.');
      this.#at += 1;
      entries.push([key, this.#value('Expected a value.')]);
      if (this.#peek() === ',') this.#at += 1;
      else if (this.#peek() !== '}') throw this.#error('Expected , or } after key:value pair.');
    }
    this.#at += 1;
    return Object.fromEntries(entries);
  }

  #list(): unknown[] {
    const items: unknown[] = [];
    this.#at += 1;
    while (this.#peek() !== ']') {
      items.push(this.#value('Expected a value or ] within an array.'));
      if (this.#peek() === ',') this.#at += 1;
      else if (this.#peek() !== ']') throw this.#error('Expected , or ] after array value.');
    }
    this.#at += 1;
    return items;
  }

  #string(quote: string): string {
    let end = this.#at + 1;
    while (end < this.#text.length && this.#text[end] !== quote) end += this.#text[end] === '\\' ? 2 : 1;
    if (end >= this.#text.length) throw this.#error('Closing quote expected in string.');
    const inner = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    try {
      // Google takes a bare line break, and a double quote between single ones.
      const plain = inner.replaceAll("\\'", "'").replaceAll(/(?<!\\)"/gu, '\\"');
      return JSON.parse(`"${plain.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`);
    } catch {
      throw this.#error('Invalid escape sequence.');
    }
  }
}
