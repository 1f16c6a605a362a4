import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Makes emulator/src/sheets/protocol/schema.json from Google's discovery document of Sheets v4, which the googleapis package
 * does not bring along: `node scripts/sheets-schema.ts sheets.v4.json`. The document is at
 * https://sheets.googleapis.com/$discovery/rest?version=v4, and in PyPI's google-api-python-client.
 */
interface Property {
  type?: string;
  format?: string;
  $ref?: string;
  enum?: string[];
  items?: Property;
  additionalProperties?: Property;
  location?: string;
  repeated?: boolean;
}
interface Method {
  id: string;
  parameters: Record<string, Property>;
  request?: { $ref: string };
  response: { $ref: string };
}
interface Resource {
  methods?: Record<string, Method>;
  resources?: Record<string, Resource>;
}
interface Discovery {
  revision: string;
  schemas: Record<string, { properties?: Record<string, Property> }>;
  resources: Record<string, Resource>;
}

/** Enums whose proto name is not their first value's prefix. */
const ENUM_NAMES: Record<string, string> = {
  INPUT_VALUE_OPTION_UNSPECIFIED: 'ValueInputOption',
  SERIAL_NUMBER: 'DateTimeRenderOption',
  FORMATTED_VALUE: 'ValueRenderOption',
  OVERWRITE: 'InsertDataOption',
  MERGE_ALL: 'MergeType',
  NORMAL: 'PasteOrientation',
  PASTE_NORMAL: 'PasteType',
  HORIZONTAL: 'PivotValueLayout',
  DEFAULT_VIEW_WINDOW_MODE: 'ViewWindowMode',
};
const SCALARS: Record<string, string> = {
  'integer int32': 'int32',
  'number float': 'float',
  'number double': 'double',
  'string google-fieldmask': 'fieldmask',
  'string google-datetime': 'string',
  string: 'string',
  boolean: 'bool',
  any: 'any',
};

const [path] = process.argv.slice(2);
if (!path) throw new Error('node scripts/sheets-schema.ts <discovery document of Sheets v4>');
const discovery = JSON.parse(readFileSync(path, 'utf8')) as Discovery;
const enums: Record<string, string[]> = {};

function enumName(values: string[]): string {
  const first = values[0] ?? '';
  const name =
    ENUM_NAMES[first] ??
    first
      .replace(/_(?:UNSPECIFIED|UNDEFINED)$/, '')
      .split('_')
      .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
      .join('');
  const known = enums[name];
  if (known && known.join() !== values.join()) throw new Error(`two enums would be called ${name}`);
  enums[name] = values;
  return name;
}

/** `[]` before a type is a list, `{}` a map, `enum:` an enum; a capital letter begins a message. */
function typeOf(property: Property): string {
  if (property.repeated) return `[]${typeOf({ ...property, repeated: false })}`;
  if (property.$ref) return property.$ref;
  if (property.items) return `[]${typeOf(property.items)}`;
  if (property.additionalProperties) return `{}${typeOf(property.additionalProperties)}`;
  if (property.enum) return `enum:${enumName(property.enum)}`;
  const scalar = SCALARS[[property.type, property.format].filter(Boolean).join(' ')];
  if (!scalar) throw new Error(`no type for ${JSON.stringify(property)}`);
  return scalar;
}

const types = (properties: Record<string, Property> = {}) =>
  Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, typeOf(property)]));

function methodsOf(resource: Resource): Method[] {
  return [
    ...Object.values(resource.methods ?? {}),
    ...Object.values(resource.resources ?? {}).flatMap((each) => methodsOf(each)),
  ];
}

const schema = {
  revision: discovery.revision,
  messages: Object.fromEntries(
    Object.entries(discovery.schemas).map(([name, { properties }]) => [name, types(properties)]),
  ),
  methods: Object.fromEntries(
    Object.values(discovery.resources)
      .flatMap((resource) => methodsOf(resource))
      .map(({ id, parameters, request, response }) => [
        id.replace('sheets.spreadsheets.', ''),
        {
          ...(request ? { request: request.$ref } : {}),
          response: response.$ref,
          query: types(
            Object.fromEntries(Object.entries(parameters).filter(([, { location }]) => location === 'query')),
          ),
        },
      ]),
  ),
  enums,
};
writeFileSync('emulator/src/sheets/protocol/schema.json', `${JSON.stringify(schema, null, 1)}\n`);
