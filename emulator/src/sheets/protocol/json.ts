import { badRequest, type Violation } from '../../errors.ts';
import { isObject } from '../../is-object.ts';
import { type Field, fieldOf, type Message, messageOf, methodOf } from './schema.ts';

type Json = Record<string, unknown>;

const PACKAGE = 'type.googleapis.com/google.apps.sheets.v4.';
/** Enums that are declared inside a request, by their name in Google's messages. */
const NESTED: Record<string, string> = { InsertDataOption: 'AppendValuesRequest.InsertDataOption' };
/** Messages whose indexes are `google.protobuf.Int32Value`. */
const WRAPPED = new Set(['GridRange', 'DimensionRange']);
/** At most one of these fields may be set. */
const ONEOFS: Record<string, { name: string }> = {
  Request: { name: 'kind' },
  ExtendedValue: { name: 'value' },
  DataFilter: { name: 'filter' },
};

/** Google's system parameters, which any method takes. */
const SYSTEM = new Set(
  '$.xgafv access_token alt bearer_token callback fields key oauth_token pp prettyPrint quotaUser uploadType upload_protocol userIp'.split(
    ' ',
  ),
);

/**
 * Reads a body as proto3 JSON: both names of a field, numbers and enums in either writing, nothing unknown. The body is
 * changed in place.
 * @throws ApiError 400 that lists everything that is wrong
 */
export function parseBody<T>(type: string, body: unknown, at = ''): T {
  const violations: Violation[] = [];
  if (!isObject(body))
    throw badRequest([
      { description: 'Invalid JSON payload received. Unknown name "": Root element must be a message.' },
    ]);
  readMessage(type, messageOf(type), body, at, violations);
  if (violations.length > 0) throw badRequest(violations);
  return body as T;
}

/** Reads a method's query. @throws ApiError 400 for an unknown parameter or a wrong value */
export function parseQuery(method: string, query: Json): Json {
  const violations: Violation[] = [];
  const known = new Map<string, Field>();
  for (const [name, written] of Object.entries(methodOf(method).query)) {
    const field = fieldOf(name, written);
    known.set(name, field).set(field.snake, field);
  }
  const read: Json = {};
  for (const [key, value] of Object.entries(query)) {
    const field = known.get(key);
    // Of a parameter that is given twice the last counts, but every one must be a value.
    if (field && field.lists === 0)
      for (const each of [value].flat()) read[field.name] = readField(field, each, field.snake, violations);
    else if (field) read[field.name] = readField(field, value, field.snake, violations);
    else if (!SYSTEM.has(key) && !key.startsWith('$'))
      violations.push({
        description: `Invalid JSON payload received. Unknown name "${key}": Cannot bind query parameter. Field '${key}' could not be found in request message.`,
      });
  }
  if (violations.length > 0) throw badRequest(violations);
  return read;
}

function unknownName(name: string, at: string, why: string): Violation {
  const description = `Invalid JSON payload received. Unknown name "${name}"${at ? ` at '${at}'` : ''}: ${why}`;
  return { ...(at ? { field: at } : {}), description };
}

function wrongValue(at: string, type: string, value: unknown): Violation {
  const shown = typeof value === 'object' ? '' : `, ${JSON.stringify(value)}`;
  return { field: at, description: `Invalid value at '${at}' (${type})${shown}` };
}

function readMessage(type: string, message: Message, json: Json, at: string, violations: Violation[]) {
  let taken: string | null = null;
  const oneof = ONEOFS[type];
  for (const key of Object.keys(json)) {
    const value = json[key];
    if (value === null || value === undefined) {
      delete json[key];
      continue;
    }
    const field = message.get(key);
    if (!field) {
      violations.push(unknownName(key, at, 'Cannot find field.'));
      continue;
    }
    if (oneof) {
      if (taken !== null)
        violations.push({
          field: at,
          description: `Invalid value at '${at}' (oneof), oneof field '${oneof.name}' is already set. Cannot set '${field.name}'`,
        });
      taken = field.name;
    }
    const here = at === '' ? field.snake : `${at}.${field.snake}`;
    // An index that may be absent is a message of its own, with the number in it.
    const path =
      WRAPPED.has(type) && field.type === 'int32' && field.name !== 'sheetId' ? `${here}.value` : here;
    if (Array.isArray(value) && field.lists === 0 && field.type !== 'any') {
      violations.push(unknownName(key, at, 'Proto field is not repeating, cannot start list.'));
      continue;
    }
    const read = readField(field, value, path, violations);
    if (key !== field.name) delete json[key];
    if (read !== value || key !== field.name) json[field.name] = read;
  }
}

function readField(field: Field, value: unknown, at: string, violations: Violation[]): unknown {
  if (field.map) {
    if (!isObject(value)) violations.push(wrongValue(at, 'Map', value));
    else
      for (const [key, each] of Object.entries(value))
        value[key] = readOne(field, each, `${at}[${JSON.stringify(key)}]`, violations);
    return value;
  }
  if (field.lists === 0) return readOne(field, value, at, violations);
  // A lone value is a list of one.
  const given: unknown[] = Array.isArray(value) ? value : [value];
  // Clients that leave a request out by a condition send null in its place.
  const list = field.type === 'Request' ? given.filter((each) => each !== null) : given;
  for (const [index, each] of list.entries()) {
    if (field.lists === 2) {
      if (!Array.isArray(each))
        violations.push(wrongValue(`${at}[${index}]`, 'type.googleapis.com/google.protobuf.ListValue', each));
      continue;
    }
    list[index] = readOne(field, each, `${at}[${index}]`, violations);
  }
  return list;
}

function readOne(field: Field, value: unknown, at: string, violations: Violation[]): unknown {
  if (field.isMessage) {
    if (isObject(value)) readMessage(field.type, messageOf(field.type), value, at, violations);
    else violations.push(wrongValue(at, PACKAGE + field.type, value));
    return value;
  }
  const read = field.values ? readEnum(field.values, value) : readScalar(field.type, value);
  if (read !== undefined) return read;
  const type = field.values
    ? PACKAGE + (NESTED[field.type] ?? field.type)
    : `TYPE_${field.type.toUpperCase()}`;
  violations.push(wrongValue(at, type, value));
  return value;
}

/** An enum is written by its name or its number. */
function readEnum(values: readonly string[], value: unknown): string | undefined {
  if (typeof value === 'string' && values.includes(value)) return value;
  return typeof value === 'number' || (typeof value === 'string' && /^\d+$/u.test(value))
    ? values[Number(value)]
    : undefined;
}

function readScalar(type: string, value: unknown): unknown {
  switch (type) {
    case 'string':
    case 'fieldmask':
      return typeof value === 'string' ? value : undefined;
    case 'bool': {
      // In a query Python writes True.
      const word = String(value).toLowerCase();
      return word === 'true' || word === 'false' ? word === 'true' : undefined;
    }
    case 'any':
      return value;
    default: {
      // Numbers come as strings too: that is how proto3 JSON writes 64 bits.
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || Number.isNaN(number)) return undefined;
      return type === 'int32' && (!Number.isInteger(number) || Math.abs(number) > 2 ** 31)
        ? undefined
        : number;
    }
  }
}
