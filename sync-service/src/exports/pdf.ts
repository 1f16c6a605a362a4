import PdfDocument from 'pdfkit';
import { createPen, SIZE } from './pen.ts';
import { drawable } from './rare-characters.ts';

const MARGIN = 36;
const LINE = 15.3;
const PADDING = 3;
const TITLE = 28;
const FOOTER = 18;
/** With a header of some lines above it, a row of so many still fits on a page. */
const MOST_LINES = 24;

/** A table for reading and printing, A4 landscape, with page numbers. What a cell cannot hold is cut. */
export async function exportPdf(
  title: string,
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Promise<Uint8Array> {
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
  const heading = drawable(title);
  const [head = [], ...body] = [header, ...rows].map((row) => row.map((cell) => drawable(String(cell))));
  const pen = await createPen(document, [heading, ...head, ...body.flat(), '第頁，共0123456789 …']);
  const widths = columnWidths([head, ...body], document.page.width - 2 * MARGIN);
  let y = MARGIN;
  const line = (cells: readonly string[]) => {
    const wrapped = cells.map((cell, i) => pen.wrap(cell, (widths[i] ?? 0) - 2 * PADDING, MOST_LINES));
    const height = Math.max(...wrapped.map((lines) => lines.length)) * LINE + 2 * PADDING;
    if (y + height > document.page.height - MARGIN - FOOTER) {
      document.addPage();
      y = MARGIN;
      // The header is repeated, so that every page can be read by itself.
      line(head);
    }
    let x = MARGIN;
    for (const [i, lines] of wrapped.entries()) {
      document
        .rect(x, y, widths[i] ?? 0, height)
        .lineWidth(0.5)
        .stroke('#555555');
      for (const [n, text] of lines.entries()) pen.write(text, x + PADDING, y + PADDING + n * LINE, SIZE);
      x += widths[i] ?? 0;
    }
    y += height;
  };
  pen.write(heading, MARGIN, y, 15);
  y += TITLE;
  line(head);
  for (const row of body) line(row);
  const { count } = document.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    document.switchToPage(page);
    const place = `第 ${page + 1} 頁，共 ${count} 頁`;
    pen.write(place, document.page.width / 2 - 40, document.page.height - MARGIN, 9);
  }
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

/** By the longest cell of each column, of which no more counts than three lines of it would need. */
function columnWidths(rows: readonly (readonly string[])[], total: number): number[] {
  const [header = []] = rows;
  const longest = header.map((_, i) =>
    Math.min(
      28,
      rows.reduce((most, row) => Math.max(most, visualLength(row[i] ?? '')), 0),
    ),
  );
  const sum = longest.reduce((a, b) => a + b, 0) || 1;
  return longest.map((length) => (length / sum) * total);
}

function visualLength(text: string): number {
  return [...text].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 1);
}
