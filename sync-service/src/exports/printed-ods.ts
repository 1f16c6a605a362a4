import { strToU8, zipSync, type Zippable } from 'fflate';
import { Html, html } from '../../../contract/html.ts';
import {
  columnWidths,
  PAGE_CM,
  pageLine,
  type PrintedTable,
  rowHeight,
  TABLE_CM,
  TEXT_POINTS,
  TITLE_POINTS,
} from './printed-table.ts';
import { type ExportCell, inert } from './table.ts';

/**
 * The library that writes plain .ods tables knows neither widths nor borders nor pages (hucre 1.0), so that this file
 * is written part by part. Every cell is a text or a number: nothing here can write a formula.
 */

const MIME = 'application/vnd.oasis.opendocument.spreadsheet';
const OASIS = 'urn:oasis:names:tc:opendocument:xmlns';
const NAMESPACES = new Html(
  [
    `xmlns:office="${OASIS}:office:1.0"`,
    `xmlns:table="${OASIS}:table:1.0"`,
    `xmlns:text="${OASIS}:text:1.0"`,
    `xmlns:style="${OASIS}:style:1.0"`,
    `xmlns:meta="${OASIS}:meta:1.0"`,
    `xmlns:fo="${OASIS}:xsl-fo-compatible:1.0"`,
    `xmlns:svg="${OASIS}:svg-compatible:1.0"`,
    'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    'office:version="1.2"',
  ].join(' '),
);
const DECLARATION = new Html('<?xml version="1.0" encoding="UTF-8"?>\n');
/** The zip has no clock: the same roster is the same file. */
const PACKED_AT = new Date('1980-01-02T00:00:00');

/** Writes the table as .ods, ready to be printed. */
export function exportPrintedOds(table: PrintedTable): Uint8Array {
  const parts: Zippable = {
    // Readers look for this part first and not compressed.
    mimetype: [strToU8(MIME), { level: 0 }],
    'META-INF/manifest.xml': strToU8(manifest().text),
    'content.xml': strToU8(content(table).text),
    'styles.xml': strToU8(styles().text),
    'meta.xml': strToU8(meta(table.title).text),
  };
  return zipSync(parts, { mtime: PACKED_AT });
}

function manifest(): Html {
  return html`${DECLARATION}<manifest:manifest xmlns:manifest="${OASIS}:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="${MIME}"/>${[
    'content.xml',
    'styles.xml',
    'meta.xml',
  ].map(
    (part) => html`<manifest:file-entry manifest:full-path="${part}" manifest:media-type="text/xml"/>`,
  )}</manifest:manifest>`;
}

function meta(title: string): Html {
  return html`${DECLARATION}<office:document-meta ${NAMESPACES}><office:meta><dc:title>${inert(title)}</dc:title></office:meta></office:document-meta>`;
}

/** The page: A4 landscape, with its number at the foot. */
function styles(): Html {
  const { width, height, margin } = PAGE_CM;
  const [page, pages] = ['<text:page-number>1</text:page-number>', '<text:page-count>1</text:page-count>'];
  return html`${DECLARATION}<office:document-styles ${NAMESPACES}>${FONT}<office:automatic-styles><style:page-layout style:name="page"><style:page-layout-properties fo:page-width="${width}cm" fo:page-height="${height}cm" style:print-orientation="landscape" fo:margin="${margin}cm" style:table-centering="horizontal"/><style:header-style/><style:footer-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-top="0.3cm"/></style:footer-style></style:page-layout><style:style style:name="foot" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/></style:style></office:automatic-styles><office:master-styles><style:master-page style:name="roster" style:page-layout-name="page"><style:header style:display="false"/><style:footer><text:p text:style-name="foot">${new Html(pageLine(page, pages))}</text:p></style:footer></style:master-page></office:master-styles></office:document-styles>`;
}

const FONT_NAME = '標楷體';
const FONT = html`<office:font-face-decls><style:font-face style:name="${FONT_NAME}" svg:font-family="${FONT_NAME}"/></office:font-face-decls>`;

/** By name: size of the letters, and what else is said of a cell. */
const CELL_STYLES = {
  title: { size: TITLE_POINTS, bold: true, align: 'center' },
  line: { size: TEXT_POINTS, align: 'start' },
  head: { size: TEXT_POINTS, bold: true, align: 'center', border: true, fill: '#e7e6e6' },
  text: { size: TEXT_POINTS, align: 'start', border: true },
  number: { size: TEXT_POINTS, align: 'center', border: true },
  total: { size: TEXT_POINTS, bold: true, align: 'end', border: true },
} as const;
type CellStyleName = keyof typeof CELL_STYLES;

function cellStyle([name, style]: [string, (typeof CELL_STYLES)[CellStyleName]]): Html {
  const border = 'border' in style && html` fo:border="0.5pt solid #000000" fo:padding="0.1cm"`;
  const fill = 'fill' in style && html` fo:background-color="${style.fill}"`;
  const bold = 'bold' in style && html` fo:font-weight="bold" style:font-weight-asian="bold"`;
  return html`<style:style style:name="${name}" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="middle" style:text-align-source="fix"${border}${fill}/><style:paragraph-properties fo:text-align="${style.align}"/><style:text-properties style:font-name="${FONT_NAME}" style:font-name-asian="${FONT_NAME}" fo:font-size="${style.size}pt" style:font-size-asian="${style.size}pt"${bold}/></style:style>`;
}

function content(table: PrintedTable): Html {
  const { title, lines, columns, rows, total } = table;
  const widths = columnWidths(table, TABLE_CM);
  const heights = new Map<number, string>();
  const row = (cells: Html, height: number) => {
    const rounded = Math.ceil(height);
    const name = heights.get(rounded) ?? `row${heights.size + 1}`;
    heights.set(rounded, name);
    return html`<table:table-row table:style-name="${name}">${cells}</table:table-row>`;
  };
  /** One text over the whole width. */
  const wide = (style: CellStyleName, text: string) =>
    row(
      html`${cell(style, text, columns.length)}${columns.length > 1 && html`<table:covered-table-cell table:number-columns-repeated="${columns.length - 1}"/>`}`,
      rowHeight([text], [TABLE_CM], CELL_STYLES[style].size),
    );
  const labels = columns.map(({ label }) => label);
  const above = [wide('title', title), ...lines.map((line) => wide('line', line))];
  const head = row(html`${labels.map((label) => cell('head', label))}`, rowHeight(labels, widths));
  const body = rows.map((cells) =>
    row(
      html`${cells.map((value) => cell(typeof value === 'number' ? 'number' : 'text', value))}`,
      rowHeight(cells, widths),
    ),
  );
  const last = wide('total', total);
  const columnStyles = widths.map(
    (width, i) =>
      html`<style:style style:name="column${i + 1}" style:family="table-column"><style:table-column-properties style:column-width="${width.toFixed(2)}cm"/></style:style>`,
  );
  const rowStyles = [...heights].map(
    ([height, name]) =>
      html`<style:style style:name="${name}" style:family="table-row"><style:table-row-properties style:row-height="${height}pt" style:use-optimal-row-height="true"/></style:style>`,
  );
  const tableColumns = widths.map((_, i) => html`<table:table-column table:style-name="column${i + 1}"/>`);
  return html`${DECLARATION}<office:document-content ${NAMESPACES}>${FONT}<office:automatic-styles>${columnStyles}${rowStyles}<style:style style:name="sheet" style:family="table" style:master-page-name="roster"><style:table-properties table:display="true"/></style:style>${Object.entries(CELL_STYLES).map(cellStyle)}</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="名冊" table:style-name="sheet">${tableColumns}${above}<table:table-header-rows>${head}</table:table-header-rows>${body}${last}</table:table></office:spreadsheet></office:body></office:document-content>`;
}

function cell(style: CellStyleName, value: ExportCell, columns = 1): Html {
  const shown = inert(value);
  const span = columns > 1 && html` table:number-columns-spanned="${columns}" table:number-rows-spanned="1"`;
  if (shown === '') return html`<table:table-cell table:style-name="${style}"${span}/>`;
  const type =
    typeof shown === 'number'
      ? html`office:value-type="float" office:value="${shown}"`
      : html`office:value-type="string"`;
  return html`<table:table-cell table:style-name="${style}" ${type}${span}>${String(shown).split('\n').map(paragraph)}</table:table-cell>`;
}

/** XML takes several blanks for one, so that each further one is an element of its own. */
function paragraph(line: string): Html {
  const parts = line.split(/(^ +| {2,}|\t)/u);
  return html`<text:p>${parts.map((part) => {
    if (part === '\t') return html`<text:tab/>`;
    return /^ +$/u.test(part) ? html`<text:s text:c="${part.length}"/>` : part;
  })}</text:p>`;
}
