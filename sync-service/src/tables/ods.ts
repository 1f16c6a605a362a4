import { strFromU8, unzipSync } from 'fflate';
import sax, { type QualifiedTag } from 'sax';
import { dateText } from './date-text.ts';
import { type Sheet, type SheetRow, sheetOf } from './sheet.ts';
import { TableError } from './table-error.ts';

const MOST_BYTES = 512 * 1024 * 1024;
const MOST_CELLS = 5_000_000;
/** A row of a spreadsheet has no more columns. */
const MOST_COLUMNS = 16_384;

const ODF = 'urn:oasis:names:tc:opendocument:xmlns:';
const [OFFICE, TABLE, TEXT, STYLE] = [
  `${ODF}office:1.0`,
  `${ODF}table:1.0`,
  `${ODF}text:1.0`,
  `${ODF}style:1.0`,
];

/**
 * Reads the visible sheets of an .ods. The library that writes ours leaves out header rows and rows in outline groups,
 * and reads comments and ruby as if they were answers; so content.xml is read here.
 * @throws TableError, or Error of the parser's in English
 */
export function readOdsSheets(content: Uint8Array): Sheet[] {
  const entry = unzipSync(content, {
    filter({ name, originalSize }) {
      if (name !== 'content.xml') return false;
      if (originalSize > MOST_BYTES) throw new TableError('展開後太大（最多 512 MB）', 'larger than 512 MB');
      return true;
    },
  })['content.xml'];
  if (!entry) throw new TableError('不是試算表，檔案可能已損毀', 'no spreadsheet');
  const reader = new ContentReader();
  reader.read(strFromU8(entry));
  return reader.sheets;
}

interface Cell {
  text: string;
  /** How often it stands side by side. */
  times: number;
}

/** Walks through content.xml and keeps what a person sees in the cells. */
class ContentReader {
  readonly sheets: Sheet[] = [];
  /** Names of the elements that are open, innermost last. */
  private readonly open: string[] = [];
  private readonly hiddenStyles = new Set<string>();
  private tableStyle = '';
  private sheet: { name: string; hidden: boolean; rows: SheetRow[]; line: number } | null = null;
  private cells = 0;
  private row: { cells: Cell[]; times: number } | null = null;
  private cell: { tag: QualifiedTag; depth: number; paragraphs: string[] } | null = null;

  read(xml: string) {
    const parser = sax.parser(true, { xmlns: true });
    Object.assign(parser, {
      onopentag: (tag: QualifiedTag) => this.begin(tag),
      onclosetag: () => this.end(),
      // A run of blanks is one; more are said by elements. Line ends are too, but for those of the library that we write by.
      ontext: (text: string) => this.text(text.replace(/[ \t\r]+/gu, ' ').replace(/ ?\n ?/gu, '\n')),
      oncdata: (text: string) => this.text(text),
    });
    parser.write(xml).close();
  }

  private begin(tag: QualifiedTag) {
    const name = nameOf(tag);
    this.open.push(name);
    if (name === 'style:style') this.tableStyle = attribute(tag, STYLE, 'name');
    if (name === 'style:table-properties' && attribute(tag, TABLE, 'display') === 'false')
      this.hiddenStyles.add(this.tableStyle);
    if (this.cell) this.beginInCell(tag, name);
    else if (name === 'table:table' && this.open.at(-2) === 'office:spreadsheet') this.beginSheet(tag);
    else if (name === 'table:table-row' && this.sheet)
      this.row = { cells: [], times: count(attribute(tag, TABLE, 'number-rows-repeated')) };
    else if (/^table:(?:covered-)?table-cell$/u.test(name) && this.row)
      this.cell = { tag, depth: this.open.length, paragraphs: [] };
  }

  private beginSheet(tag: QualifiedTag) {
    const hidden =
      attribute(tag, TABLE, 'display') === 'false' ||
      this.hiddenStyles.has(attribute(tag, TABLE, 'style-name'));
    this.sheet = { name: attribute(tag, TABLE, 'name'), hidden, rows: [], line: 1 };
  }

  private beginInCell(tag: QualifiedTag, name: string) {
    if (name === 'text:p' && this.isOwnParagraph()) this.cell?.paragraphs.push('');
    if (name === 'text:line-break') this.text('\n');
    if (name === 'text:tab') this.text('\t');
    if (name === 'text:s') this.text(' '.repeat(Math.min(count(attribute(tag, TEXT, 'c')), 1000)));
  }

  /** A comment and a drawing on the cell have paragraphs too. */
  private isOwnParagraph(): boolean {
    return this.open.length === (this.cell?.depth ?? 0) + 1;
  }

  private text(text: string) {
    const inside = this.open.slice(this.cell?.depth);
    // White space between elements, comments, drawings, and the reading above a name are no part of what the cell says.
    if (!this.cell || inside[0] !== 'text:p' || inside.includes('text:ruby-text')) return;
    if (inside.includes('office:annotation')) return;
    const last = this.cell.paragraphs.length - 1;
    this.cell.paragraphs[last] = `${this.cell.paragraphs[last] ?? ''}${text}`;
  }

  private end() {
    const name = this.open.pop();
    if (this.cell && this.open.length === this.cell.depth - 1) this.endCell();
    else if (name === 'table:table-row' && !this.cell) this.endRow();
    else if (name === 'table:table' && !this.cell) this.endSheet();
  }

  private endCell() {
    if (!this.cell || !this.row) return;
    const { tag, paragraphs } = this.cell;
    const covered = nameOf(tag) === 'table:covered-table-cell';
    const times = Math.min(count(attribute(tag, TABLE, 'number-columns-repeated')), MOST_COLUMNS);
    this.row.cells.push({ text: covered ? '' : cellText(tag, paragraphs.join('\n')), times });
    this.cell = null;
  }

  private endRow() {
    if (!this.sheet || !this.row) return;
    const { cells, times } = this.row;
    this.row = null;
    while (cells.at(-1)?.text === '') cells.pop();
    const row = cells.flatMap(({ text, times: columns }) =>
      Array.from<string>({ length: columns }).fill(text),
    );
    // A style is laid over a million blank rows: those are only counted.
    if (row.length > 0) this.addRows(this.sheet.rows, this.sheet.line, row, times);
    this.sheet.line += times;
  }

  private addRows(rows: SheetRow[], line: number, cells: string[], times: number) {
    this.cells += times * cells.length;
    if (this.cells > MOST_CELLS)
      throw new TableError('儲存格太多（最多 500 萬格）', 'more than 5 million cells');
    for (let time = 0; time < times; time += 1) rows.push({ line: line + time, cells });
  }

  private endSheet() {
    if (this.sheet && !this.sheet.hidden) this.sheets.push(sheetOf(this.sheet.name, this.sheet.rows));
    this.sheet = null;
  }
}

function cellText(tag: QualifiedTag, shown: string): string {
  const value = attribute(tag, OFFICE, 'value');
  switch (attribute(tag, OFFICE, 'value-type')) {
    case 'float':
      // A code that is kept as a number and shown as 014601 is 014601; 1.07E+12 and 1,070 are shown for what they are not.
      return /^0\d+$/u.test(shown) && Number(shown) === Number(value) ? shown : String(Number(value));
    case 'date': {
      const said = attribute(tag, OFFICE, 'date-value');
      const withTime = said.includes('T');
      const date = new Date(`${withTime ? said : `${said}T00:00:00`}Z`);
      return Number.isNaN(date.getTime()) ? shown : dateText(date, withTime);
    }
    case 'boolean':
      return attribute(tag, OFFICE, 'boolean-value').toUpperCase();
    default:
      return shown || attribute(tag, OFFICE, 'string-value');
  }
}

const PREFIXES: Record<string, string> = {
  [OFFICE]: 'office:',
  [TABLE]: 'table:',
  [TEXT]: 'text:',
  [STYLE]: 'style:',
};

/** By the namespace, whatever prefix the file gives it. */
function nameOf({ uri, local }: QualifiedTag): string {
  return `${PREFIXES[uri] ?? `${uri} `}${local}`;
}

function attribute(tag: QualifiedTag, uri: string, local: string): string {
  return Object.values(tag.attributes).find((each) => each.uri === uri && each.local === local)?.value ?? '';
}

function count(said: string): number {
  return Math.max(1, Math.trunc(Number(said)) || 1);
}
