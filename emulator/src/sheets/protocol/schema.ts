import schema from './schema.json' with { type: 'json' };

/** One field of a message of Sheets v4. */
export interface Field {
  name: string;
  snake: string;
  /** How many lists stand around the type. */
  lists: number;
  map: boolean;
  /** `string`, `int32`, `float`, `double`, `bool`, `fieldmask`, `any`, or the name of a message or enum. */
  type: string;
  /** The values of an enum. */
  values: readonly string[] | null;
  isMessage: boolean;
}

export type Message = ReadonlyMap<string, Field>;

const MESSAGES: Record<string, Record<string, string>> = schema.messages;
const ENUMS: Record<string, string[]> = schema.enums;
const METHODS: Record<string, { request?: string; response: string; query: Record<string, string> }> =
  schema.methods;
const built = new Map<string, Message>();

export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
}

export function fieldOf(name: string, written: string): Field {
  const lists = /^(?:\[\])*/u.exec(written)?.[0] ?? '';
  const rest = written.slice(lists.length);
  const map = rest.startsWith('{}');
  const type = (map ? rest.slice(2) : rest).replace(/^enum:/u, '');
  return {
    name,
    snake: snakeCase(name),
    lists: lists.length / 2,
    map,
    type,
    values: ENUMS[type] ?? null,
    isMessage: type in MESSAGES,
  };
}

/** The fields of a message under both of their names. A message without fields is one of the empty replies. */
export function messageOf(type: string): Message {
  let message = built.get(type);
  if (!message) {
    const known = MESSAGES[type];
    if (!known) throw new Error(`Sheets v4 has no message ${type}`);
    const fields = new Map<string, Field>();
    for (const [name, written] of Object.entries(known)) {
      const field = fieldOf(name, written);
      fields.set(field.snake, field);
      fields.set(name, field);
    }
    message = fields;
    built.set(type, message);
  }
  return message;
}

export function methodOf(name: string) {
  const method = METHODS[name];
  if (!method) throw new Error(`Sheets v4 has no method ${name}`);
  return method;
}

/** Every kind of request that `spreadsheets.batchUpdate` has. */
export const REQUEST_KINDS: readonly string[] = Object.keys(MESSAGES.Request ?? {});
