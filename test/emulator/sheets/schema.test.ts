import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HANDLERS } from '../../../emulator/src/sheets/requests/run.ts';
import { messageOf, REQUEST_KINDS } from '../../../emulator/src/sheets/protocol/schema.ts';

const types = readFileSync(
  fileURLToPath(import.meta.resolve('googleapis/build/src/apis/sheets/v4.d.ts')),
  'utf8',
);
const interfaces = [...types.matchAll(/interface Schema\$(\w+) \{\n([\s\S]*?)^ {4}\}/gmu)].map(
  ([, name = '', body = '']) => ({
    name,
    fields: [...body.matchAll(/^ {8}(\w+)\?:/gmu)].map(([, field = '']) => field),
  }),
);

describe("the emulator's schema of Sheets v4", () => {
  it('has every message and field that the installed googleapis knows', () => {
    expect(interfaces.length).toBeGreaterThan(200);
    for (const { name, fields } of interfaces)
      expect([name, fields.filter((field) => !messageOf(name).has(field))]).toEqual([name, []]);
  });

  it('says of each request whether it is carried out, in the guide too', () => {
    const guide = readFileSync('docs/emulator.md', 'utf8');
    const listed = (name: string) =>
      new RegExp(`<!-- list:${name} -->\\n([\\s\\S]*?)<!-- /list -->`, 'u')
        .exec(guide)?.[1]
        ?.match(/\w+/gu)
        ?.toSorted();
    const done = Object.keys(HANDLERS).toSorted();
    expect(listed('sheets-requests')).toEqual(done);
    expect(listed('sheets-unimplemented')).toEqual(
      REQUEST_KINDS.filter((kind) => !done.includes(kind)).toSorted(),
    );
  });
});
