import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';

/** What Google gives a fresh spreadsheet. */

const WHITE: sheets_v4.Schema$Color = { red: 1, green: 1, blue: 1 };

/** The standard theme, by the names that a `ColorStyle` may use. */
export const THEME_COLOURS: Record<string, sheets_v4.Schema$Color> = {
  TEXT: {},
  BACKGROUND: WHITE,
  ACCENT1: { red: 0.25882354, green: 0.52156866, blue: 0.95686275 },
  ACCENT2: { red: 0.91764706, green: 0.2627451, blue: 0.20784314 },
  ACCENT3: { red: 0.9843137, green: 0.7372549, blue: 0.015686275 },
  ACCENT4: { red: 0.20392157, green: 0.65882355, blue: 0.3254902 },
  ACCENT5: { red: 1, green: 0.42745098, blue: 0.003921569 },
  ACCENT6: { red: 0.27450982, green: 0.7411765, blue: 0.7764706 },
  LINK: { red: 0.06666667, green: 0.33333334, blue: 0.8 },
};

const BASE: sheets_v4.Schema$CellFormat = {
  backgroundColor: WHITE,
  padding: { top: 2, right: 3, bottom: 2, left: 3 },
  verticalAlignment: 'BOTTOM',
  wrapStrategy: 'OVERFLOW_CELL',
};

function textFormat(fontFamily: string): sheets_v4.Schema$TextFormat {
  return {
    foregroundColor: {},
    fontFamily,
    fontSize: 10,
    bold: false,
    italic: false,
    strikethrough: false,
    underline: false,
    foregroundColorStyle: { rgbColor: {} },
  };
}

export const DEFAULT_FORMAT: sheets_v4.Schema$CellFormat = {
  ...BASE,
  textFormat: textFormat('arial,sans,sans-serif'),
  backgroundColorStyle: { rgbColor: WHITE },
};

/** How a cell without a format of its own is shown: the default, with the theme's font. */
export const CELL_FORMAT: sheets_v4.Schema$CellFormat = {
  ...BASE,
  textFormat: textFormat('Arial'),
  hyperlinkDisplayType: 'PLAIN_TEXT',
  backgroundColorStyle: { rgbColor: WHITE },
};

export const DEFAULT_PROPERTIES: sheets_v4.Schema$SpreadsheetProperties = {
  title: 'Untitled spreadsheet',
  locale: 'en_US',
  autoRecalc: 'ON_CHANGE',
  timeZone: 'Etc/GMT',
  defaultFormat: DEFAULT_FORMAT,
  spreadsheetTheme: {
    primaryFontFamily: 'Arial',
    themeColors: Object.entries(THEME_COLOURS).map(([colorType, rgbColor]) => ({
      colorType,
      color: { rgbColor },
    })),
  },
};

export const ROW_HEIGHT = 21;
export const COLUMN_WIDTH = 100;
