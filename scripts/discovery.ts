import { readFileSync, writeFileSync } from 'node:fs';
import type { Api, Method, Type } from '../emulator/src/discovery/api.ts';

/**
 * Shortens Google's discovery documents to what the emulator checks requests against:
 *   node scripts/discovery.ts FOLDER
 * FOLDER holds drive.v3.json, forms.v1.json, script.v1.json and sheets.v4.json, as the Python client ships them in
 * googleapiclient/discovery_cache/documents.
 */
interface Schema {
  type?: string;
  format?: string;
  $ref?: string;
  repeated?: boolean;
  enum?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
}
interface Resource {
  methods?: Record<string, DiscoveryMethod>;
  resources?: Record<string, Resource>;
}
interface DiscoveryMethod {
  id: string;
  httpMethod: string;
  flatPath?: string;
  path: string;
  request?: { $ref: string };
  response?: { $ref: string };
  parameters?: Record<string, Schema & { location: string; minimum?: string; maximum?: string }>;
  mediaUpload?: { protocols: { simple: { path: string } } };
}
type Document = Resource & { revision: string; servicePath: string; schemas: Record<string, Schema> };

const pascal = (name: string) =>
  name.toLowerCase().replaceAll(/(?:^|_)(\w)/gu, (_all, first: string) => first.toUpperCase());

function shorten(document: Document): Api {
  const enums: Api['enums'] = {};
  const owners = new Map<string, Set<string>>();
  const nameOf = (values: string[], field: string) => {
    const unspecified = values.find((value) => value.endsWith('_UNSPECIFIED'));
    return unspecified ? pascal(unspecified.replace(/_UNSPECIFIED$/u, '')) : pascal(field);
  };
  const eachEnum = (schema: Schema, field: string, owner: string) => {
    if (schema.enum) {
      const key = `${nameOf(schema.enum, field)} ${schema.enum.join('|')}`;
      owners.set(key, (owners.get(key) ?? new Set()).add(owner));
    }
    if (schema.items) eachEnum(schema.items, field, owner);
    for (const [name, property] of Object.entries(schema.properties ?? {})) eachEnum(property, name, owner);
  };
  for (const [owner, schema] of Object.entries(document.schemas)) eachEnum(schema, '', owner);
  const typeOf = (schema: Schema, field: string, owner: string): Type => {
    if (schema.$ref) return `#${schema.$ref}`;
    if (schema.enum) {
      const base = nameOf(schema.enum, field);
      const shared = (owners.get(`${base} ${schema.enum.join('|')}`)?.size ?? 0) > 1;
      // One that several messages use stands by itself in the proto; one of a single message within it.
      const name = shared || owner === '' ? base : `${owner}.${base}`;
      enums[name] = schema.enum;
      return `%${name}`;
    }
    if (schema.type === 'array') return [typeOf(schema.items ?? {}, field, owner)];
    if (schema.type === 'object') {
      if (schema.additionalProperties) return { '*': typeOf(schema.additionalProperties, field, owner) };
      return fieldsOf(schema, owner);
    }
    return schema.format ?? schema.type ?? 'any';
  };
  const fieldsOf = (schema: Schema, owner: string): Record<string, Type> =>
    Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, property]) => [
        name,
        typeOf(property, name, owner),
      ]),
    );
  const methods = methodsOf(document, (schema, name) => typeOf(schema, name, ''));
  const schemas = Object.fromEntries(
    Object.entries(document.schemas).map(([name, schema]) => [name, fieldsOf(schema, name)]),
  );
  return { revision: document.revision, enums, schemas, methods };
}

/** Every method of the API, each with its query's types. */
function methodsOf(document: Document, typeOf: (schema: Schema, name: string) => Type): Method[] {
  const methods: Method[] = [];
  const walk = (resource: Resource) => {
    for (const method of Object.values(resource.methods ?? {})) {
      const query = Object.entries(method.parameters ?? {}).filter(([, each]) => each.location === 'query');
      const described: Method = {
        id: method.id,
        verb: method.httpMethod,
        path: `/${document.servicePath}${method.flatPath ?? method.path}`,
        query: Object.fromEntries(
          query.map(([name, each]) => {
            const type = typeOf(each, name);
            return [name, each.repeated ? [type] : type];
          }),
        ),
        ...(method.request ? { request: method.request.$ref } : {}),
        ...(method.response ? { response: method.response.$ref } : {}),
        ...(method.mediaUpload ? { upload: method.mediaUpload.protocols.simple.path } : {}),
      };
      methods.push(described);
    }
    for (const child of Object.values(resource.resources ?? {})) walk(child);
  };
  walk(document);
  return methods;
}

const pathOnly = ({ id, verb, path }: Method): Method => ({ id, verb, path, query: {} });

const folder = process.argv[2];
if (!folder) throw new Error('node scripts/discovery.ts FOLDER: name the folder of the discovery documents');
for (const name of ['drive.v3', 'forms.v1', 'script.v1', 'sheets.v4']) {
  const document = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as Document;
  const whole = shorten(document);
  // The Sheets service reads its own requests: emulator/src/sheets/protocol/schema.ts.
  const { revision, enums, schemas, methods } =
    name === 'sheets.v4' ? { ...whole, enums: {}, schemas: {}, methods: whole.methods.map(pathOnly) } : whole;
  const lines = (entries: Record<string, unknown>) =>
    Object.entries(entries)
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(',\n');
  // Writes one line for each entry, so that a change of Google's shows as a short difference.
  const text = `{\n"revision": "${revision}",\n"enums": {\n${lines(enums)}\n},\n"schemas": {\n${lines(schemas)}\n},\n"methods": [\n${methods
    .map((method) => JSON.stringify(method))
    .join(',\n')}\n]\n}\n`;
  writeFileSync(`emulator/src/discovery/${name.split('.')[0]}.json`, text);
}
