import { APIS, type ApiName, type Called, fieldsOf, type Type } from '../discovery/api.ts';
import { ApiError } from '../errors.ts';
import { isObject } from '../is-object.ts';
import { ITEM_KINDS, QUESTION_KINDS } from '../forms/items.ts';

interface Violation {
  field?: string;
  description: string;
}

/** Of a message's `oneof`, at most one may be set. Discovery documents do not name them. */
const ONE_OF: Partial<Record<ApiName, Record<string, { name: string; fields: readonly string[] | 'all' }>>> =
  {
    forms: {
      Request: { name: 'kind', fields: 'all' },
      WriteControl: { name: 'control', fields: 'all' },
      Item: { name: 'kind', fields: ITEM_KINDS },
      Question: { name: 'kind', fields: QUESTION_KINDS },
    },
  };

/** The field of the request message that an HTTP body fills, where it is not the message itself. */
const BODY_FIELD: Record<string, string> = {
  'forms.forms.create': 'form',
};

/** Query parameters that every method has. */
const SYSTEM = new Set([
  'alt',
  'access_token',
  'callback',
  'fields',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'uploadType',
  'upload_protocol',
  'userIp',
  'xgafv',
]);

const PROTO: Record<string, string> = {
  string: 'TYPE_STRING',
  boolean: 'TYPE_BOOL',
  int32: 'TYPE_INT32',
  uint32: 'TYPE_UINT32',
  int64: 'TYPE_INT64',
  double: 'TYPE_DOUBLE',
  float: 'TYPE_FLOAT',
  byte: 'TYPE_BYTES',
  'google-datetime': 'type.googleapis.com/google.protobuf.Timestamp',
  'google-fieldmask': 'type.googleapis.com/google.protobuf.FieldMask',
};

const snake = (name: string) => name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
const camel = (name: string) =>
  name.replaceAll(/_([a-z0-9])/gu, (_all, letter: string) => letter.toUpperCase());

class Checker {
  readonly violations: Violation[] = [];
  readonly #api: ApiName;

  constructor(api: ApiName) {
    this.#api = api;
  }

  unknown(name: string, at: string, why: string) {
    this.#add(at, `Invalid JSON payload received. Unknown name "${name}"${at ? ` at '${at}'` : ''}: ${why}`);
  }

  #add(at: string, description: string) {
    this.violations.push({ ...(at ? { field: at } : {}), description });
  }

  #refuse(value: unknown, at: string, type: string): undefined {
    this.#add(at, `Invalid value at '${at}' (${type}), ${JSON.stringify(value)}`);
  }

  #proto(name: string): string {
    return `type.googleapis.com/google.apps.${this.#api}.v1.${name}`;
  }

  /** Gives the value in Google's spelling; undefined where it is null or refused. */
  value(value: unknown, type: Type, at: string): unknown {
    if (type === 'any') return value;
    if (value === null) return undefined;
    if (Array.isArray(type)) return this.#list(value, type[0], at);
    const cut = at.lastIndexOf('.');
    const [parent, name] = cut < 0 ? ['', at] : [at.slice(0, cut), at.slice(cut + 1)];
    if (Array.isArray(value))
      return this.unknown(name, parent, 'Proto field is not repeating, cannot start list.');
    const fields = fieldsOf(this.#api, type);
    if (fields && isObject(value))
      return this.message(value, fields, typeof type === 'string' ? type : '', at);
    if (fields) return this.#refuse(value, at, this.#proto(String(type).slice(1)));
    if (typeof type === 'object')
      return isObject(value)
        ? Object.fromEntries(
            Object.entries(value).map(([key, each]) => [key, this.value(each, type['*'] ?? 'any', at)]),
          )
        : this.#refuse(value, at, 'map');
    if (isObject(value)) return this.unknown(name, parent, 'Starting an object on a scalar field');
    return this.#scalar(value, String(type), at);
  }

  #list(value: unknown, item: Type, at: string): unknown {
    // One value may stand for a list of one, but a row of cells must be a list.
    if (!Array.isArray(value)) return [this.value(value, item, `${at}[0]`)];
    return value.map((each, index) => {
      const here = `${at}[${index}]`;
      if (Array.isArray(item) && !Array.isArray(each))
        return this.#refuse(each, here, 'type.googleapis.com/google.protobuf.ListValue');
      return this.value(each, item, here);
    });
  }

  message(
    value: Record<string, unknown>,
    fields: Record<string, Type>,
    type: string,
    at: string,
  ): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const oneOf = ONE_OF[this.#api]?.[type.slice(1)];
    let set = false;
    for (const [given, each] of Object.entries(value)) {
      const key = Object.hasOwn(fields, given) ? given : camel(given);
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (field === undefined) {
        this.unknown(given, at, 'Cannot find field.');
        continue;
      }
      if (oneOf && each !== null && (oneOf.fields === 'all' || oneOf.fields.includes(key))) {
        if (set)
          this.#add(
            at,
            `Invalid value at '${at}' (oneof), oneof field '${oneOf.name}' is already set. Cannot set '${key}'`,
          );
        set = true;
      }
      const checked = this.value(each, field, at ? `${at}.${snake(key)}` : snake(key));
      if (checked !== undefined) result[key] = checked;
    }
    return result;
  }

  #scalar(value: unknown, type: string, at: string): unknown {
    if (type.startsWith('%')) {
      const names = APIS[this.#api].enums[type.slice(1)] ?? [];
      if (typeof value === 'string' && names.includes(value)) return value;
      if (typeof value === 'number' && names[value] !== undefined) return names[value];
      return this.#refuse(value, at, this.#proto(type.slice(1)));
    }
    const proto = PROTO[type] ?? 'TYPE_STRING';
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (type === 'boolean') {
      if (typeof value === 'boolean') return value;
      return value === 'true' || value === 'false' ? value === 'true' : this.#refuse(value, at, proto);
    }
    if (type === 'int32' || type === 'uint32' || type === 'int64') {
      if (!Number.isInteger(number)) return this.#refuse(value, at, proto);
      return type === 'int64' ? String(value) : number;
    }
    if (type === 'double' || type === 'float')
      return typeof number === 'number' && !(Number.isNaN(number) && value !== 'NaN')
        ? number
        : this.#refuse(value, at, proto);
    return typeof value === 'string' ? value : this.#refuse(value, at, proto);
  }

  finish() {
    if (this.violations.length === 0) return;
    throw new ApiError('INVALID_ARGUMENT', this.violations.map((each) => each.description).join('\n'), [
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: this.violations },
    ]);
  }
}

/** @throws ApiError with every violation, as Google lists them; else the body with its names in camel case */
export function checkBody({ api, method }: Called, body: unknown): unknown {
  const checker = new Checker(api);
  const at = BODY_FIELD[method.id] ?? '';
  let result: unknown = body;
  if (!isObject(body)) checker.unknown('', '', 'Root element must be a message.');
  else if (method.request)
    result = checker.message(body, APIS[api].schemas[method.request] ?? {}, `#${method.request}`, at);
  else for (const name of Object.keys(body)) checker.unknown(name, '', 'Cannot find field.');
  checker.finish();
  return result;
}

export type Query = Record<string, string | string[]>;

/** @throws ApiError for a parameter that the method does not have, or a value that does not parse */
export function checkQuery({ api, method }: Called, given: Query): Query {
  const checker = new Checker(api);
  const body = method.request ? APIS[api].schemas[method.request] : undefined;
  const result: Query = {};
  for (const [written, value] of Object.entries(given)) {
    const system = written.replace(/^\$\.?/u, '');
    if (SYSTEM.has(system)) {
      result[system] = value;
      continue;
    }
    const name = method.query[written] === undefined ? camel(written) : written;
    const type = method.query[name];
    if (type === undefined) {
      const message = body?.[name] !== undefined && fieldsOf(api, body[name]) !== null;
      checker.unknown(
        written,
        '',
        message
          ? `Cannot bind query parameter. '${written}' is a message type. Parameters can only be bound to primitive types.`
          : `Cannot bind query parameter. Field '${written}' could not be found in request message.`,
      );
      continue;
    }
    const values = (Array.isArray(value) ? value : [value]).map((each) => {
      // Python writes True.
      const plain = type === 'boolean' && /^(true|false|0|1)$/iu.test(each) ? spelled(each) : each;
      return String(checker.value(plain, Array.isArray(type) ? type[0] : type, snake(name)));
    });
    result[name] = Array.isArray(type) ? values : (values.at(-1) ?? '');
  }
  checker.finish();
  return result;
}

function spelled(flag: string): string {
  return flag === '1' || flag.toLowerCase() === 'true' ? 'true' : 'false';
}
