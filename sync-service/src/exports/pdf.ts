import PdfDocument from 'pdfkit';
import { createPen, SIZE } from './pen.ts';
import { columnWidths, pageLine, type PrintedTable } from './printed-table.ts';
import { drawable } from './rare-characters.ts';

const MARGIN = 36;
const LINE = 15.3;
const PADDING = 3;
const TITLE = 24;
const TITLE_SIZE = 15;
const FOOTER = 18;
/** With a header of some lines above it, a row of so many still fits on a page. */
const MOST_LINES = 24;

/** The table for reading and printing, A4 landscape, with page numbers. What a cell cannot hold is cut. */
export async function exportPdf(table: PrintedTable): Promise<Uint8Array> {
  const document = new PdfDocument({
    size: 'A4',
    layout: 'landscape',
    margin: MARGIN,
    info: { Title: table.title },
    bufferPages: true,
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => document.on('end', () => resolve()));
  const { title, lines, columns, rows, total } = drawableTable(table);
  const head = columns.map(({ label }) => label);
  const body = rows.map((row) => row.map(String));
  const pen = await createPen(document, [
    title,
    ...lines,
    ...head,
    ...body.flat(),
    total,
    pageLine('0123456789', '…'),
  ]);
  const width = document.page.width - 2 * MARGIN;
  const widths = columnWidths({ title, lines, columns, rows, total }, width);
  let y = MARGIN;
  const line = (cells: readonly string[], across: readonly number[] = widths) => {
    const wrapped = cells.map((cell, i) => pen.wrap(cell, (across[i] ?? 0) - 2 * PADDING, MOST_LINES));
    const height = Math.max(...wrapped.map((each) => each.length)) * LINE + 2 * PADDING;
    if (y + height > document.page.height - MARGIN - FOOTER) {
      document.addPage();
      y = MARGIN;
      // The header is repeated, so that every page can be read by itself.
      line(head);
    }
    let x = MARGIN;
    for (const [i, wrappedCell] of wrapped.entries()) {
      document
        .rect(x, y, across[i] ?? 0, height)
        .lineWidth(0.5)
        .stroke('#555555');
      for (const [n, text] of wrappedCell.entries())
        pen.write(text, x + PADDING, y + PADDING + n * LINE, SIZE);
      x += across[i] ?? 0;
    }
    y += height;
  };
  for (const each of pen.wrap(title, (width * SIZE) / TITLE_SIZE, MOST_LINES)) {
    pen.write(each, (document.page.width - pen.width(each, TITLE_SIZE)) / 2, y, TITLE_SIZE);
    y += TITLE;
  }
  for (const each of lines.flatMap((text) => pen.wrap(text, width, MOST_LINES))) {
    pen.write(each, MARGIN, y, SIZE);
    y += LINE;
  }
  line(head);
  for (const row of body) line(row);
  line([total], [width]);
  const { count } = document.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    document.switchToPage(page);
    const place = pageLine(page + 1, count);
    pen.write(place, (document.page.width - pen.width(place, 9)) / 2, document.page.height - MARGIN, 9);
  }
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

/** The same table in characters that some font here can draw. */
function drawableTable({ title, lines, columns, rows, total }: PrintedTable): PrintedTable {
  return {
    title: drawable(title),
    lines: lines.map(drawable),
    columns: columns.map((column) => ({ ...column, label: drawable(column.label) })),
    rows: rows.map((row) => row.map((cell) => drawable(String(cell)))),
    total: drawable(total),
  };
}
