import { afterAll, describe, expect, it } from 'vitest';
import { openSheets } from './open-sheets.ts';

const google = await openSheets();
afterAll(() => google.emulator.close());
const { sheets, create, write, read, cells, batch, ask } = google;

const sheet = async (spreadsheetId: string, index = 0) =>
  (await sheets.get({ spreadsheetId })).data.sheets?.[index] ?? {};
const titles = async (spreadsheetId: string) =>
  (await sheets.get({ spreadsheetId })).data.sheets?.map(({ properties }) => properties?.title);
const range = (
  startRowIndex: number,
  endRowIndex: number,
  startColumnIndex: number,
  endColumnIndex: number,
) => ({
  sheetId: 0,
  startRowIndex,
  endRowIndex,
  startColumnIndex,
  endColumnIndex,
});
/** As Google gives a range of sheet 0 back: the sheet's number is a zero like any other. */
const shown = (...ends: Parameters<typeof range>) => {
  const { sheetId: _, ...rest } = range(...ends);
  return rest;
};

describe('sheets', () => {
  it('are added at the end or where they are wanted, named in turn', async () => {
    const id = await create();
    const replies = await batch(
      id,
      { addSheet: {} },
      { addSheet: { properties: { title: 'first', index: 0, gridProperties: { rowCount: 3 } } } },
    );
    expect(replies).toEqual([
      {
        addSheet: {
          properties: {
            sheetId: expect.any(Number),
            title: 'Sheet2',
            index: 1,
            sheetType: 'GRID',
            gridProperties: { rowCount: 1000, columnCount: 26 },
          },
        },
      },
      {
        addSheet: {
          properties: {
            sheetId: expect.any(Number),
            title: 'first',
            index: 0,
            sheetType: 'GRID',
            gridProperties: { rowCount: 3, columnCount: 26 },
          },
        },
      },
    ]);
    expect(await titles(id)).toEqual(['first', 'Sheet1', 'Sheet2']);
  });

  it('are duplicated with all that is on them, under ids of their own', async () => {
    const id = await create();
    await write(id, 'A1', [['x']]);
    await batch(
      id,
      { addProtectedRange: { protectedRange: { range: range(0, 1, 0, 1) } } },
      { mergeCells: { range: range(2, 4, 0, 1), mergeType: 'MERGE_ALL' } },
    );
    const [reply] = await batch(id, {
      duplicateSheet: { sourceSheetId: 0, insertSheetIndex: 1, newSheetId: 9, newSheetName: 'copy' },
    });
    expect(reply?.duplicateSheet?.properties).toMatchObject({ sheetId: 9, title: 'copy', index: 1 });
    const [source, copy] = [await sheet(id), await sheet(id, 1)];
    expect(copy.merges).toEqual([{ sheetId: 9, ...shown(2, 4, 0, 1) }]);
    expect(copy.protectedRanges?.[0]?.range?.sheetId).toBe(9);
    expect(copy.protectedRanges?.[0]?.protectedRangeId).not.toBe(
      source.protectedRanges?.[0]?.protectedRangeId,
    );
    expect(await read(id, 'copy')).toEqual([['x']]);
  });

  it('move as they stand before the move, and forget what a mask names and nobody gives', async () => {
    const id = await create('a');
    await batch(
      id,
      { addSheet: { properties: { title: 'b' } } },
      { addSheet: { properties: { title: 'c' } } },
      { updateSheetProperties: { properties: { sheetId: 0, index: 2 }, fields: 'index' } },
    );
    expect(await titles(id)).toEqual(['b', 'a', 'c']);
    const set = (properties: object, fields: string) =>
      batch(id, { updateSheetProperties: { properties: { sheetId: 0, ...properties }, fields } });
    await set(
      {
        tabColorStyle: { themeColor: 'ACCENT1' },
        gridProperties: { frozenRowCount: 2, hideGridlines: true },
      },
      'tabColorStyle,gridProperties(frozenRowCount,hideGridlines)',
    );
    expect((await sheet(id, 1)).properties).toMatchObject({
      tabColor: { red: 0.25882354, green: 0.52156866, blue: 0.95686275 },
      tabColorStyle: { themeColor: 'ACCENT1' },
      gridProperties: { rowCount: 1000, columnCount: 26, frozenRowCount: 2, hideGridlines: true },
    });
    // A style without a colour clears it, as a mask without a value does.
    await set(
      { tabColorStyle: {}, gridProperties: { frozenRowCount: 0 } },
      'tabColorStyle,gridProperties/frozenRowCount',
    );
    expect((await sheet(id, 1)).properties).toEqual({
      sheetId: 0,
      title: 'a',
      index: 1,
      sheetType: 'GRID',
      gridProperties: { rowCount: 1000, columnCount: 26, hideGridlines: true },
    });
  });

  it('freeze columns, but not all that show; what is inserted or deleted among them counts', async () => {
    const id = await create();
    await batch(id, {
      updateSheetProperties: {
        properties: { sheetId: 0, gridProperties: { columnCount: 4 } },
        fields: 'gridProperties.columnCount',
      },
    });
    const columns = (startIndex: number, endIndex: number) => ({
      sheetId: 0,
      dimension: 'COLUMNS',
      startIndex,
      endIndex,
    });
    const freeze = (frozenColumnCount: number) =>
      batch(id, {
        updateSheetProperties: {
          properties: { sheetId: 0, gridProperties: { frozenColumnCount } },
          fields: 'gridProperties.frozenColumnCount',
        },
      });
    const frozen = async () => (await sheet(id)).properties?.gridProperties?.frozenColumnCount;
    const ALL = "You can't freeze all visible columns on the sheet.";
    await expect(freeze(4)).rejects.toThrow(ALL);
    await freeze(2);
    await batch(id, { insertDimension: { range: columns(1, 2), inheritFromBefore: false } });
    expect(await frozen()).toBe(3);
    await batch(id, { insertDimension: { range: columns(3, 4), inheritFromBefore: false } });
    expect(await frozen()).toBe(3);
    await batch(id, { deleteDimension: { range: columns(0, 2) } });
    expect(await frozen()).toBe(1);
    await batch(id, {
      updateDimensionProperties: {
        range: columns(2, 4),
        properties: { hiddenByUser: true },
        fields: 'hiddenByUser',
      },
    });
    await expect(freeze(2)).rejects.toThrow(ALL);
    await freeze(0);
    expect(await frozen()).toBeUndefined();
  });

  it('of a spreadsheet that is renamed bear its name in Drive', async () => {
    const spreadsheetId = await create();
    await batch(spreadsheetId, {
      updateSpreadsheetProperties: {
        properties: { title: '新名', timeZone: 'Asia/Taipei' },
        fields: 'title,timeZone',
      },
    });
    expect((await sheets.get({ spreadsheetId })).data.properties).toMatchObject({
      title: '新名',
      timeZone: 'Asia/Taipei',
      locale: 'en_US',
    });
    expect(google.emulator.drive.get(spreadsheetId).name).toBe('新名');
  });
});

describe('cells', () => {
  it('are written field by field', async () => {
    const id = await create();
    const repeat = (userEnteredFormat: object, fields: string) =>
      batch(id, { repeatCell: { range: range(0, 1, 0, 1), cell: { userEnteredFormat }, fields } });
    await repeat(
      { textFormat: { bold: true, fontSize: 12 }, wrapStrategy: 'WRAP', backgroundColor: { red: 0.5 } },
      'userEnteredFormat',
    );
    await repeat(
      { textFormat: { italic: true } },
      'userEnteredFormat.textFormat(italic,fontSize),userEnteredFormat.wrapStrategy',
    );
    expect((await cells(id))[0]?.[0]?.userEnteredFormat).toEqual({
      textFormat: { bold: true, italic: true },
      backgroundColor: { red: 0.5019608 },
      backgroundColorStyle: { rgbColor: { red: 0.5019608 } },
    });
    await repeat(
      { backgroundColorStyle: { rgbColor: { green: 1 } } },
      'userEnteredFormat.backgroundColorStyle.rgbColor',
    );
    expect((await cells(id))[0]?.[0]?.userEnteredFormat).toMatchObject({
      backgroundColor: { green: 1 },
      backgroundColorStyle: { rgbColor: { green: 1 } },
    });
    await repeat({}, 'userEnteredFormat');
    expect(await cells(id)).toEqual([]);
  });

  it('of a range that is written lose what is not given', async () => {
    const id = await create();
    await write(id, 'A1', [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await batch(id, {
      updateCells: {
        range: range(0, 2, 0, 2),
        rows: [{ values: [{ userEnteredValue: { numberValue: 1 } }] }],
        fields: 'userEnteredValue',
      },
    });
    expect(await read(id)).toEqual([['1']]);
  });

  it('repeat a formula with its references moved', async () => {
    const id = await create();
    await write(id, 'A1', [
      [1, 10],
      [2, 20],
    ]);
    await batch(id, {
      repeatCell: {
        range: range(0, 2, 2, 3),
        cell: { userEnteredValue: { formulaValue: '=A1+$B$1' } },
        fields: 'userEnteredValue',
      },
    });
    expect(await read(id, 'C1:C2', 'FORMULA')).toEqual([['=A1+$B$1'], ['=A2+$B$1']]);
    expect(await read(id, 'C1:C2')).toEqual([['11'], ['12']]);
  });

  it('have borders', async () => {
    const id = await create();
    const style = { style: 'SOLID', colorStyle: { rgbColor: { red: 1 } } };
    await batch(id, {
      updateBorders: { range: range(0, 2, 0, 1), top: style, innerHorizontal: { style: 'DOTTED' } },
    });
    const [first, second] = await cells(id);
    const dotted = { style: 'DOTTED', width: 1, color: {}, colorStyle: { rgbColor: {} } };
    expect(first?.[0]?.userEnteredFormat?.borders).toEqual({
      top: { style: 'SOLID', width: 1, color: { red: 1 }, colorStyle: { rgbColor: { red: 1 } } },
      bottom: dotted,
    });
    expect(second?.[0]?.userEnteredFormat?.borders).toEqual({ top: dotted });
    await batch(id, {
      updateBorders: { range: range(0, 2, 0, 1), top: { style: 'NONE' }, innerHorizontal: { style: 'NONE' } },
    });
    expect(await cells(id)).toEqual([]);
  });

  it('are validated by rules that come back as they were given', async () => {
    const id = await create();
    const rule = {
      condition: { type: 'ONE_OF_LIST', values: [{ userEnteredValue: '是' }] },
      strict: true,
      showCustomUi: true,
    };
    await batch(id, { setDataValidation: { range: range(0, 1, 0, 1), rule } });
    expect(await cells(id)).toEqual([[{ dataValidation: rule }]]);
    await batch(id, { setDataValidation: { range: range(0, 1, 0, 1) } });
    expect(await cells(id)).toEqual([]);
  });
});

describe('rows and columns', () => {
  it('are inserted with the look of their neighbour, and everything behind them follows', async () => {
    const id = await create();
    await write(id, 'A1', [['a'], ['b'], ['c']]);
    await batch(
      id,
      {
        repeatCell: {
          range: range(0, 1, 0, 1),
          cell: { userEnteredFormat: { wrapStrategy: 'CLIP' } },
          fields: 'userEnteredFormat',
        },
      },
      { addProtectedRange: { protectedRange: { range: range(1, 3, 0, 1) } } },
      { addNamedRange: { namedRange: { name: 'there', range: range(2, 3, 0, 1) } } },
      { mergeCells: { range: range(4, 6, 0, 1), mergeType: 'MERGE_ALL' } },
      {
        insertDimension: {
          range: { sheetId: 0, dimension: 'ROWS', startIndex: 1, endIndex: 3 },
          inheritFromBefore: true,
        },
      },
    );
    expect(await read(id)).toEqual([['a'], [], [], ['b'], ['c']]);
    expect((await cells(id))[1]?.[0]?.userEnteredFormat).toEqual({ wrapStrategy: 'CLIP' });
    const after = await sheet(id);
    expect(after.protectedRanges?.[0]?.range).toEqual(shown(3, 5, 0, 1));
    expect(after.merges).toEqual([shown(6, 8, 0, 1)]);
    expect(after.properties?.gridProperties?.rowCount).toBe(1002);
    expect((await sheets.values.get({ spreadsheetId: id, range: 'there' })).data.range).toBe('Sheet1!A5');
    await batch(id, {
      deleteDimension: { range: { sheetId: 0, dimension: 'ROWS', startIndex: 4, endIndex: 7 } },
    });
    expect(await read(id)).toEqual([['a'], [], [], ['b']]);
    const left = await sheet(id);
    expect(left.protectedRanges?.[0]?.range).toEqual(shown(3, 4, 0, 1));
    expect(left).not.toHaveProperty('merges');
    expect((await sheets.get({ spreadsheetId: id })).data).not.toHaveProperty('namedRanges');
  });

  it('move, and what names them goes along', async () => {
    const id = await create();
    await write(id, 'A1', [['a', 'b', 'c', 'd']]);
    await batch(
      id,
      {
        addProtectedRange: {
          protectedRange: { range: { sheetId: 0, startColumnIndex: 0, endColumnIndex: 1 } },
        },
      },
      {
        moveDimension: {
          source: { sheetId: 0, dimension: 'COLUMNS', startIndex: 0, endIndex: 1 },
          destinationIndex: 3,
        },
      },
    );
    expect(await read(id)).toEqual([['b', 'c', 'a', 'd']]);
    expect((await sheet(id)).protectedRanges?.[0]?.range).toEqual({ startColumnIndex: 2, endColumnIndex: 3 });
  });

  it('have sizes, are hidden, grouped and collapsed', async () => {
    const spreadsheetId = await create();
    const columns = (startIndex: number, endIndex: number) => ({
      sheetId: 0,
      dimension: 'COLUMNS',
      startIndex,
      endIndex,
    });
    const [, first, second] = await batch(
      spreadsheetId,
      {
        updateDimensionProperties: {
          range: columns(0, 1),
          properties: { pixelSize: 50, hiddenByUser: true },
          fields: 'pixelSize,hiddenByUser',
        },
      },
      { addDimensionGroup: { range: columns(1, 4) } },
      { addDimensionGroup: { range: columns(2, 5) } },
    );
    const { sheetId: _, ...outer } = columns(1, 5);
    const { sheetId: __, ...inner } = columns(2, 4);
    expect(first).toEqual({
      addDimensionGroup: { dimensionGroups: [{ range: { ...outer, endIndex: 4 }, depth: 1 }] },
    });
    const both = [
      { range: outer, depth: 1 },
      { range: inner, depth: 2 },
    ];
    expect(second).toEqual({ addDimensionGroup: { dimensionGroups: both } });
    await batch(spreadsheetId, {
      updateDimensionGroup: {
        dimensionGroup: { range: columns(2, 4), depth: 2, collapsed: true },
        fields: 'collapsed',
      },
    });
    const { data } = await sheets.get({ spreadsheetId, ranges: ['A1:D1'], includeGridData: true });
    expect(data.sheets?.[0]?.columnGroups).toEqual([both[0], { ...both[1], collapsed: true }]);
    expect(data.sheets?.[0]?.data?.[0]?.columnMetadata).toEqual([
      { pixelSize: 50, hiddenByUser: true },
      { pixelSize: 100 },
      { pixelSize: 100, hiddenByUser: true },
      { pixelSize: 100, hiddenByUser: true },
    ]);
    const [last] = await batch(spreadsheetId, { deleteDimensionGroup: { range: columns(3, 5) } });
    expect(last?.deleteDimensionGroup?.dimensionGroups).toMatchObject([
      { range: { startIndex: 1, endIndex: 4 }, depth: 1 },
      { range: { startIndex: 2, endIndex: 3 }, depth: 2 },
    ]);
  });

  it('are made as wide as what is in them', async () => {
    const spreadsheetId = await create();
    await write(spreadsheetId, 'A1', [['一二三四五六七八九十一二三四五六七八九十']]);
    const dimensions = { sheetId: 0, dimension: 'COLUMNS', startIndex: 0, endIndex: 2 };
    await batch(spreadsheetId, { autoResizeDimensions: { dimensions } });
    const { data } = await sheets.get({ spreadsheetId, ranges: ['A1:B1'], includeGridData: true });
    const [wide, plain] = data.sheets?.[0]?.data?.[0]?.columnMetadata ?? [];
    expect(wide?.pixelSize).toBeGreaterThan(200);
    expect(plain?.pixelSize).toBe(100);
  });
});

describe('ranges', () => {
  it('are merged as a whole, by column or by row, and keep one value each', async () => {
    const id = await create();
    await write(id, 'A1', [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await batch(id, { mergeCells: { range: range(0, 2, 0, 2), mergeType: 'MERGE_COLUMNS' } });
    expect((await sheet(id)).merges).toEqual([shown(0, 2, 0, 1), shown(0, 2, 1, 2)]);
    expect(await read(id)).toEqual([['a', 'b']]);
    const { data } = await ask('POST', `/${id}:batchUpdate`, {
      requests: [{ unmergeCells: { range: range(0, 1, 0, 2) } }],
    });
    expect(data.error?.message).toBe(
      'Invalid requests[0].unmergeCells: You must select all cells in a merged range to merge or unmerge them.',
    );
    await batch(id, { unmergeCells: { range: range(0, 2, 0, 2) } });
    expect(await sheet(id)).not.toHaveProperty('merges');
  });

  it('have names, which are unique', async () => {
    const spreadsheetId = await create();
    const [reply] = await batch(spreadsheetId, {
      addNamedRange: { namedRange: { name: 'here', range: range(0, 1, 0, 1) } },
    });
    const namedRangeId = reply?.addNamedRange?.namedRange?.namedRangeId;
    expect(reply).toEqual({
      addNamedRange: { namedRange: { namedRangeId, name: 'here', range: shown(0, 1, 0, 1) } },
    });
    await batch(spreadsheetId, {
      updateNamedRange: { namedRange: { namedRangeId, name: 'there' }, fields: 'name' },
    });
    expect((await sheets.get({ spreadsheetId })).data.namedRanges).toEqual([
      { namedRangeId, name: 'there', range: shown(0, 1, 0, 1) },
    ]);
    for (const name of ['THERE', 'A1', 'two words', 'true']) {
      const { status } = await ask('POST', `/${spreadsheetId}:batchUpdate`, {
        requests: [{ addNamedRange: { namedRange: { name, range: range(0, 1, 0, 1) } } }],
      });
      expect(status).toBe(400);
    }
    await batch(spreadsheetId, { deleteNamedRange: { namedRangeId: namedRangeId ?? '' } });
    expect((await sheets.get({ spreadsheetId })).data).not.toHaveProperty('namedRanges');
  });

  it('are inserted and deleted, and push or pull the cells behind them', async () => {
    const id = await create();
    await write(id, 'A1', [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await batch(id, { insertRange: { range: range(0, 1, 0, 1), shiftDimension: 'ROWS' } });
    expect(await read(id)).toEqual([['', 'b'], ['a', 'd'], ['c']]);
    await batch(id, { insertRange: { range: range(1, 2, 0, 1), shiftDimension: 'COLUMNS' } });
    expect(await read(id)).toEqual([['', 'b'], ['', 'a', 'd'], ['c']]);
    await batch(id, { deleteRange: { range: range(1, 2, 0, 1), shiftDimension: 'COLUMNS' } });
    await batch(id, { deleteRange: { range: range(0, 1, 0, 1), shiftDimension: 'ROWS' } });
    expect(await read(id)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('are copied over as often as they fit, cut, and filled from a text', async () => {
    const id = await create();
    await write(id, 'A1', [['=B1', 5]]);
    await batch(id, { copyPaste: { source: range(0, 1, 0, 1), destination: range(1, 3, 0, 1) } });
    expect(await read(id, 'A1:A3', 'FORMULA')).toEqual([['=B1'], ['=B2'], ['=B3']]);
    await batch(id, {
      copyPaste: {
        source: range(0, 1, 0, 2),
        destination: range(4, 5, 0, 1),
        pasteType: 'PASTE_VALUES',
        pasteOrientation: 'TRANSPOSE',
      },
    });
    expect(await read(id, 'A5:A6', 'FORMULA')).toEqual([[5], [5]]);
    await batch(id, {
      cutPaste: { source: range(4, 6, 0, 1), destination: { sheetId: 0, rowIndex: 0, columnIndex: 3 } },
    });
    expect(await read(id, 'D1:D2')).toEqual([['5'], ['5']]);
    expect(await read(id, 'A5:A6')).toBeUndefined();
    await batch(id, {
      pasteData: {
        coordinate: { sheetId: 0, rowIndex: 9 },
        data: 'a,"b,c"\r\n1%,',
        delimiter: ',',
        type: 'PASTE_NORMAL',
      },
    });
    expect(await read(id, 'A10:C11')).toEqual([['a', 'b,c'], ['1%']]);
  });

  it('are filled on', async () => {
    const id = await create();
    await write(id, 'A1', [
      [1, 'x', '=A1'],
      [3, 'y', '=A2'],
    ]);
    await batch(
      id,
      { autoFill: { range: range(0, 4, 0, 2) } },
      { autoFill: { sourceAndDestination: { source: range(0, 2, 2, 3), dimension: 'ROWS', fillLength: 2 } } },
    );
    expect(await read(id, 'A1:C4', 'FORMULA')).toEqual([
      [1, 'x', '=A1'],
      [3, 'y', '=A2'],
      [5, 'x', '=A3'],
      [7, 'y', '=A4'],
    ]);
  });
});

describe('texts', () => {
  it('are found and replaced', async () => {
    const id = await create();
    await write(id, 'A1', [
      ['cat', 'Cats and cats', '="cat"'],
      ['dog', 'x'],
    ]);
    const replace = async (more: object) =>
      (await batch(id, { findReplace: { find: 'cat', replacement: 'cow', sheetId: 0, ...more } }))[0];
    expect(await replace({ matchCase: true, matchEntireCell: true })).toEqual({
      findReplace: { valuesChanged: 1, rowsChanged: 1, sheetsChanged: 1, occurrencesChanged: 1 },
    });
    expect(await replace({ includeFormulas: true })).toEqual({
      findReplace: {
        valuesChanged: 1,
        formulasChanged: 1,
        rowsChanged: 1,
        sheetsChanged: 1,
        occurrencesChanged: 3,
      },
    });
    expect(
      await replace({
        find: '^d(.)g$',
        replacement: '$1-1',
        searchByRegex: true,
        allSheets: true,
        sheetId: undefined,
      }),
    ).toMatchObject({
      findReplace: { occurrencesChanged: 1 },
    });
    expect(await read(id)).toEqual([
      ['cow', 'cows and cows', 'cow'],
      ['o-1', 'x'],
    ]);
    expect(await replace({ find: 'nothing' })).toEqual({ findReplace: {} });
  });

  it('lose doubles and blanks, and are split into columns', async () => {
    const id = await create();
    await write(id, 'A1', [
      ['a', 1],
      ['A', 1],
      [' b  c ', 2],
      ['a', 2],
    ]);
    expect(
      await batch(
        id,
        { deleteDuplicates: { range: range(0, 4, 0, 2) } },
        { trimWhitespace: { range: range(0, 4, 0, 2) } },
      ),
    ).toEqual([
      { deleteDuplicates: { duplicatesRemovedCount: 1 } },
      { trimWhitespace: { cellsChangedCount: 1 } },
    ]);
    expect(await read(id)).toEqual([
      ['a', '1'],
      ['b c', '2'],
      ['a', '2'],
    ]);
    await batch(id, { textToColumns: { source: range(1, 2, 0, 1), delimiterType: 'SPACE' } });
    expect(await read(id, 'A2:B2')).toEqual([['b', 'c']]);
  });

  it('keep as text what is pasted, replaced or split where they are formatted as text', async () => {
    const id = await create();
    const cell = { userEnteredFormat: { numberFormat: { type: 'TEXT' } } };
    await batch(id, { repeatCell: { range: range(0, 4, 0, 3), cell, fields: 'userEnteredFormat' } });
    const paste = (rowIndex: number, data: string) =>
      batch(id, {
        pasteData: { coordinate: { sheetId: 0, rowIndex, columnIndex: 0 }, data, delimiter: '\t' },
      });
    await paste(0, '0912345678\t2020/5/1\t=1+1\n x7 \t5%\tTRUE\n1 02');
    await batch(
      id,
      { findReplace: { find: 'x', replacement: '00', allSheets: true } },
      { trimWhitespace: { range: range(1, 2, 0, 1) } },
      { textToColumns: { source: range(2, 3, 0, 1), delimiterType: 'SPACE' } },
    );
    expect(await read(id, 'A1:C3', 'UNFORMATTED_VALUE')).toEqual([
      ['0912345678', '2020/5/1', '=1+1'],
      ['007', '5%', 'TRUE'],
      ['1', '02'],
    ]);
    // Beside them a text is still parsed.
    await batch(id, {
      pasteData: { coordinate: { sheetId: 0, rowIndex: 0, columnIndex: 3 }, data: '007', delimiter: '\t' },
    });
    expect(await read(id, 'D1', 'UNFORMATTED_VALUE')).toEqual([[7]]);
  });

  it('are sorted: numbers, texts, ticks, then blanks, either way', async () => {
    const id = await create();
    await write(id, 'A1', [['b'], [2], [true], [], ['=1'], ['a']], 'USER_ENTERED');
    const sort = (sortOrder: string) =>
      batch(id, { sortRange: { range: range(0, 6, 0, 1), sortSpecs: [{ dimensionIndex: 0, sortOrder }] } });
    const cell = { userEnteredFormat: { wrapStrategy: 'WRAP' } };
    await batch(id, { repeatCell: { range: range(0, 1, 0, 1), cell, fields: 'userEnteredFormat' } });
    await sort('ASCENDING');
    expect(await read(id)).toEqual([['1'], ['2'], ['a'], ['b'], ['TRUE']]);
    // A format goes with its cell.
    expect((await cells(id)).map(([first]) => first?.userEnteredFormat?.wrapStrategy)).toEqual([
      undefined,
      undefined,
      undefined,
      'WRAP',
      undefined,
    ]);
    await sort('DESCENDING');
    expect(await read(id)).toEqual([['TRUE'], ['b'], ['a'], ['2'], ['1']]);
    await batch(id, { randomizeRange: { range: range(0, 6, 0, 1) } });
    expect((await read(id))?.flat().filter(Boolean).toSorted()).toEqual(['1', '2', 'TRUE', 'a', 'b']);
  });
});

describe('filters, formats and objects', () => {
  it('filter a sheet, in both writings', async () => {
    const id = await create();
    const condition = { type: 'NOT_BLANK' };
    await batch(id, {
      setBasicFilter: { filter: { range: range(0, 9, 0, 2), criteria: { 1: { condition } } } },
    });
    const filter = {
      range: shown(0, 9, 0, 2),
      criteria: { 1: { condition } },
      filterSpecs: [{ columnIndex: 1, filterCriteria: { condition } }],
    };
    expect((await sheet(id)).basicFilter).toEqual(filter);
    const [added] = await batch(id, {
      addFilterView: { filter: { title: 'view', ...filter, range: range(0, 9, 0, 2) } },
    });
    const view = added?.addFilterView?.filter;
    expect(view).toEqual({ filterViewId: expect.any(Number), title: 'view', ...filter });
    const [copied] = await batch(
      id,
      { duplicateFilterView: { filterId: view?.filterViewId ?? 0 } },
      {
        updateFilterView: {
          filter: { filterViewId: view?.filterViewId ?? 0, title: 'seen' },
          fields: 'title,criteria',
        },
      },
      { clearBasicFilter: { sheetId: 0 } },
    );
    const copy = copied?.duplicateFilterView?.filter;
    expect(copy).toEqual({ ...view, filterViewId: expect.any(Number), title: 'Copy of view' });
    await batch(id, { deleteFilterView: { filterId: copy?.filterViewId ?? 0 } });
    const after = await sheet(id);
    expect(after).not.toHaveProperty('basicFilter');
    expect(after.filterViews).toEqual([
      { filterViewId: view?.filterViewId, title: 'seen', range: shown(0, 9, 0, 2) },
    ]);
  });

  it('colour cells by rules, which can be moved and exchanged', async () => {
    const id = await create();
    const rule = (red: number) => ({
      ranges: [range(0, 9, 0, 1)],
      booleanRule: { condition: { type: 'NOT_BLANK' }, format: { backgroundColor: { red } } },
    });
    const kept = (red: number) => ({
      ranges: [shown(0, 9, 0, 1)],
      booleanRule: {
        condition: { type: 'NOT_BLANK' },
        format: { backgroundColor: { red }, backgroundColorStyle: { rgbColor: { red } } },
      },
    });
    const replies = await batch(
      id,
      { addConditionalFormatRule: { rule: rule(1) } },
      { addConditionalFormatRule: { rule: rule(0.2), index: 0 } },
      { updateConditionalFormatRule: { sheetId: 0, index: 0, newIndex: 1 } },
      { updateConditionalFormatRule: { index: 0, rule: rule(0.4) } },
      { deleteConditionalFormatRule: { sheetId: 0, index: 1 } },
    );
    expect(replies).toEqual([
      {},
      {},
      { updateConditionalFormatRule: { newRule: kept(0.2), newIndex: 1 } },
      { updateConditionalFormatRule: { newRule: kept(0.4), oldRule: kept(1) } },
      { deleteConditionalFormatRule: { rule: kept(0.2) } },
    ]);
    expect((await sheet(id)).conditionalFormats).toEqual([kept(0.4)]);
  });

  it('protect, band, chart and slice, and are found by their ids', async () => {
    const id = await create();
    const [protectedReply, banded, charted, sliced] = await batch(
      id,
      {
        addProtectedRange: {
          protectedRange: { range: range(0, 1, 0, 1), description: 'd', warningOnly: true },
        },
      },
      {
        addBanding: {
          bandedRange: { range: range(0, 9, 0, 2), rowProperties: { firstBandColor: { red: 1 } } },
        },
      },
      {
        addChart: {
          chart: {
            spec: { title: 't', basicChart: { chartType: 'BAR' } },
            position: { overlayPosition: { anchorCell: { sheetId: 0, rowIndex: 2, columnIndex: 3 } } },
          },
        },
      },
      {
        addSlicer: {
          slicer: {
            spec: { title: 's', dataRange: range(0, 9, 0, 2) },
            position: { overlayPosition: { anchorCell: { sheetId: 0 } } },
          },
        },
      },
    );
    const [protectedRange, bandedRange, chart, slicer] = [
      protectedReply?.addProtectedRange?.protectedRange,
      banded?.addBanding?.bandedRange,
      charted?.addChart?.chart,
      sliced?.addSlicer?.slicer,
    ];
    expect(protectedRange).toEqual({
      protectedRangeId: expect.any(Number),
      range: shown(0, 1, 0, 1),
      description: 'd',
      warningOnly: true,
      requestingUserCanEdit: true,
    });
    expect(bandedRange).toEqual({
      bandedRangeId: expect.any(Number),
      range: shown(0, 9, 0, 2),
      rowProperties: { firstBandColor: { red: 1 }, firstBandColorStyle: { rgbColor: { red: 1 } } },
    });
    expect(chart?.position).toEqual({
      overlayPosition: { anchorCell: { rowIndex: 2, columnIndex: 3 }, widthPixels: 600, heightPixels: 371 },
    });
    const [, , , , moved] = await batch(
      id,
      {
        updateProtectedRange: {
          protectedRange: { protectedRangeId: protectedRange?.protectedRangeId ?? 0, description: 'e' },
          fields: 'description,warningOnly',
        },
      },
      {
        updateBanding: {
          bandedRange: { bandedRangeId: bandedRange?.bandedRangeId ?? 0, range: range(0, 5, 0, 2) },
          fields: 'range',
        },
      },
      { updateChartSpec: { chartId: chart?.chartId ?? 0, spec: { title: 'u' } } },
      { updateSlicerSpec: { slicerId: slicer?.slicerId ?? 0, spec: { title: 'v' }, fields: 'title' } },
      {
        updateEmbeddedObjectPosition: {
          objectId: chart?.chartId ?? 0,
          newPosition: { overlayPosition: { anchorCell: { sheetId: 0, rowIndex: 9 } } },
          fields: 'anchorCell',
        },
      },
      {
        updateEmbeddedObjectBorder: {
          objectId: chart?.chartId ?? 0,
          border: { colorStyle: { rgbColor: { red: 1 } } },
          fields: 'colorStyle',
        },
      },
    );
    expect(moved).toEqual({
      updateEmbeddedObjectPosition: {
        position: { overlayPosition: { anchorCell: { rowIndex: 9 }, widthPixels: 600, heightPixels: 371 } },
      },
    });
    expect(await sheet(id)).toMatchObject({
      protectedRanges: [{ description: 'e', range: shown(0, 1, 0, 1), requestingUserCanEdit: true }],
      bandedRanges: [{ range: shown(0, 5, 0, 2), rowProperties: { firstBandColor: { red: 1 } } }],
      charts: [{ chartId: chart?.chartId, spec: { title: 'u' }, border: { color: { red: 1 } } }],
      slicers: [{ slicerId: slicer?.slicerId, spec: { title: 'v', dataRange: shown(0, 9, 0, 2) } }],
    });
    await batch(
      id,
      { deleteProtectedRange: { protectedRangeId: protectedRange?.protectedRangeId ?? 0 } },
      { deleteBanding: { bandedRangeId: bandedRange?.bandedRangeId ?? 0 } },
      { deleteEmbeddedObject: { objectId: chart?.chartId ?? 0 } },
      { deleteEmbeddedObject: { objectId: slicer?.slicerId ?? 0 } },
    );
    expect(Object.keys(await sheet(id))).toEqual(['properties']);
  });
});

describe('developer metadata', () => {
  it('is tied to a spreadsheet, a sheet or a row, found, changed and deleted', async () => {
    const spreadsheetId = await create();
    const metadata = (location: object) => ({
      createDeveloperMetadata: {
        developerMetadata: { metadataKey: 'k', metadataValue: '1', visibility: 'DOCUMENT', location },
      },
    });
    const row = { sheetId: 0, dimension: 'ROWS', startIndex: 3, endIndex: 4 };
    const replies = await batch(
      spreadsheetId,
      metadata({ spreadsheet: true }),
      metadata({ sheetId: 0 }),
      metadata({ dimensionRange: row }),
    );
    const made = replies.map((reply) => reply.createDeveloperMetadata?.developerMetadata);
    expect(made[2]).toEqual({
      metadataId: expect.any(Number),
      metadataKey: 'k',
      metadataValue: '1',
      visibility: 'DOCUMENT',
      location: {
        locationType: 'ROW',
        dimensionRange: { dimension: 'ROWS', startIndex: 3, endIndex: 4 },
      },
    });
    const { data } = await sheets.get({ spreadsheetId, includeGridData: true });
    expect(data.developerMetadata).toEqual([made[0]]);
    expect(data.sheets?.[0]?.developerMetadata).toEqual([made[1]]);
    expect(data.sheets?.[0]?.data?.[0]?.rowMetadata?.[3]).toEqual({
      pixelSize: 21,
      developerMetadata: [made[2]],
    });
    const metadataId = made[2]?.metadataId ?? 0;
    expect((await sheets.developerMetadata.get({ spreadsheetId, metadataId })).data).toEqual(made[2]);
    const dataFilters = [{ developerMetadataLookup: { metadataKey: 'k', locationType: 'ROW' } }];
    const found = await sheets.developerMetadata.search({ spreadsheetId, requestBody: { dataFilters } });
    expect(found.data).toEqual({
      matchedDeveloperMetadata: [{ developerMetadata: made[2], dataFilters }],
    });
    const [updated, deleted] = await batch(
      spreadsheetId,
      {
        updateDeveloperMetadata: {
          dataFilters,
          developerMetadata: { metadataValue: '2' },
          fields: 'metadataValue',
        },
      },
      { deleteDeveloperMetadata: { dataFilter: dataFilters[0] ?? {} } },
    );
    expect(updated).toEqual({
      updateDeveloperMetadata: { developerMetadata: [{ ...made[2], metadataValue: '2' }] },
    });
    expect(deleted).toEqual({
      deleteDeveloperMetadata: { deletedDeveloperMetadata: [{ ...made[2], metadataValue: '2' }] },
    });
    expect((await ask('GET', `/${spreadsheetId}/developerMetadata/${metadataId}`)).status).toBe(404);
  });
});
