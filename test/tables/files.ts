import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll } from 'vitest';

/** A folder for one test file, gone at its end. */
export function testFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'budeng-tables-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    write(name: string, content: string | Uint8Array) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
  };
}

const NAMESPACES = ['office', 'table', 'text', 'style', 'draw']
  .map((name) => {
    const uri = name === 'draw' ? 'drawing' : name;
    return `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${uri}:1.0"`;
  })
  .join(' ');

/** An .ods by its content, as LibreOffice puts it. */
export function odsFile(tables: string, styles = ''): Uint8Array {
  const content = `<?xml version="1.0" encoding="UTF-8"?>
<office:document-content ${NAMESPACES} office:version="1.3"><office:automatic-styles>${styles}</office:automatic-styles>
<office:body><office:spreadsheet>${tables}</office:spreadsheet></office:body></office:document-content>`;
  return zipSync({
    mimetype: [strToU8('application/vnd.oasis.opendocument.spreadsheet'), { level: 0 }],
    'content.xml': strToU8(content),
  });
}

export const odsTable = (rows: string, attributes = '') =>
  `<table:table table:name="工作表1"${attributes}>${rows}</table:table>`;
export const odsRow = (...cells: string[]) =>
  `<table:table-row>${cells.map(odsCell).join('')}</table:table-row>`;
export const odsCell = (text: string) =>
  `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`;
