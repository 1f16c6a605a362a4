import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import PdfDocument from 'pdfkit';
import { FONT_FOLDER, readFont } from './fonts.ts';

const MARGIN = 36;
const LINE = 18;
const SIZE = 10;

/** The web font comes in some hundred parts by code point; this finds the part that holds a character. */
function fontParts(): (char: string) => string {
  const ranges = JSON.parse(readFileSync(join(FONT_FOLDER, 'unicode.json'), 'utf8')) as Record<
    string,
    string
  >;
  const parts = new Map<number, string>();
  // Later entries are the common parts: they win where two hold a character.
  for (const [name, list] of Object.entries(ranges)) {
    for (const range of list.split(',')) {
      const [from = 0, to = from] = range
        .replace('U+', '')
        .split('-')
        .map((hex) => Number.parseInt(hex, 16));
      for (let code = from; code <= to; code += 1) parts.set(code, name.replaceAll(/[[\]]/gu, ''));
    }
  }
  return (char) => parts.get(char.codePointAt(0) ?? 0) ?? 'latin';
}

let partOf: ReturnType<typeof fontParts> | null = null;

/** A table for reading and printing, A4 landscape, with page numbers. */
export async function exportPdf(
  title: string,
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Promise<Uint8Array> {
  partOf ??= fontParts();
  const document = new PdfDocument({
    size: 'A4',
    layout: 'landscape',
    margin: MARGIN,
    info: { Title: title },
    bufferPages: true,
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => document.on('end', () => resolve()));
  const pen = createPen(document, partOf);
  const widths = columnWidths(header, rows, document.page.width - 2 * MARGIN);
  let y = MARGIN;
  const line = (cells: readonly (string | number)[]) => {
    const wrapped = cells.map((cell, i) => pen.wrap(String(cell), (widths[i] ?? 0) - 6));
    const height = Math.max(...wrapped.map((lines) => lines.length)) * LINE * 0.85 + 6;
    if (y + height > document.page.height - MARGIN - LINE) {
      document.addPage();
      y = MARGIN;
      // Every page can be read by itself.
      line(header);
    }
    let x = MARGIN;
    for (const [i, lines] of wrapped.entries()) {
      document
        .rect(x, y, widths[i] ?? 0, height)
        .lineWidth(0.5)
        .stroke('#555555');
      for (const [n, text] of lines.entries()) pen.write(text, x + 3, y + 3 + n * LINE * 0.85, SIZE);
      x += widths[i] ?? 0;
    }
    y += height;
  };
  pen.write(title, MARGIN, y, 15);
  y += 28;
  line(header);
  for (const row of rows) line(row);
  const { count } = document.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    document.switchToPage(page);
    pen.write(
      `第 ${page + 1} 頁，共 ${count} 頁`,
      document.page.width / 2 - 40,
      document.page.height - MARGIN,
      9,
    );
  }
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

function columnWidths(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  total: number,
): number[] {
  const longest = header.map((title, i) =>
    Math.min(
      28,
      Math.max(...[title, ...rows.map((row) => String(row[i] ?? ''))].map((text) => visualLength(text))),
    ),
  );
  const sum = longest.reduce((a, b) => a + b, 0) || 1;
  return longest.map((length) => (length / sum) * total);
}

function visualLength(text: string): number {
  return [...text].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 1);
}

function createPen(document: PDFKit.PDFDocument, partFor: (char: string) => string) {
  const known = new Set<string>();
  const use = (part: string, size: number) => {
    if (!known.has(part)) {
      document.registerFont(part, readFont(part));
      known.add(part);
    }
    document.font(part).fontSize(size);
  };
  const runs = (text: string) => {
    const found: { part: string; text: string }[] = [];
    for (const char of text.replace(/[\p{Cc}\s]+/gu, ' ')) {
      const part = partFor(char);
      const last = found.at(-1);
      if (last?.part === part) last.text += char;
      else found.push({ part, text: char });
    }
    return found;
  };
  const widthOf = (text: string, size: number) =>
    runs(text).reduce((sum, run) => {
      use(run.part, size);
      return sum + document.widthOfString(run.text);
    }, 0);
  return {
    write(text: string, left: number, top: number, size: number) {
      let x = left;
      document.fillColor('#000000');
      for (const run of runs(text)) {
        use(run.part, size);
        document.text(run.text, x, top, { lineBreak: false, baseline: 'top' });
        x += document.widthOfString(run.text);
      }
    },
    wrap(text: string, width: number): string[] {
      const lines = [''];
      for (const char of text) {
        const line = lines.at(-1) ?? '';
        if (line !== '' && widthOf(line + char, SIZE) > width) lines.push(char);
        else lines[lines.length - 1] = line + char;
      }
      return lines;
    },
  };
}
