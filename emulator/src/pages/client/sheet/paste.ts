/** The block that a spreadsheet puts on the clipboard: tabs and line ends, quoted where a cell holds either. */
export function parseBlock(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    rows.at(-1)?.push(cell);
    cell = '';
  };
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? '';
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') {
        cell += char;
        i += 1;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === '\t') endCell();
    else if (char === '\n') {
      endCell();
      rows.push([]);
    } else if (char !== '\r') cell += char;
  }
  // The last line's end begins no further row.
  if (cell !== '' || (rows.at(-1)?.length ?? 0) > 0) endCell();
  return rows.filter((row) => row.length > 0);
}

/** A block fills a selection that is a multiple of it, as in Sheets; any other selection only says where it begins. */
export function spread(block: string[][], height: number, width: number): string[][] {
  const [rows, columns] = [block.length, Math.max(0, ...block.map((row) => row.length))];
  if (rows === 0 || columns === 0 || height % rows !== 0 || width % columns !== 0) return block;
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => block[y % rows]?.[x % columns] ?? ''),
  );
}
