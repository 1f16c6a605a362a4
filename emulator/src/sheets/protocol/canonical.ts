import { type Message, messageOf } from './schema.ts';
import { THEME_COLOURS } from './defaults.ts';

/** Fields that are told although they are zero, false or empty: those whose presence says something. */
const PRESENT: Record<string, readonly string[]> = {
  SheetProperties: ['sheetId', 'title', 'index'],
  GridRange: ['startRowIndex', 'endRowIndex', 'startColumnIndex', 'endColumnIndex'],
  DimensionRange: ['startIndex', 'endIndex'],
  ExtendedValue: ['numberValue', 'stringValue', 'boolValue', 'formulaValue'],
  TextFormat: ['bold', 'italic', 'strikethrough', 'underline'],
  TextRotation: ['angle', 'vertical'],
  SortSpec: ['dimensionIndex'],
  FilterSpec: ['columnIndex'],
  EmbeddedObjectPosition: ['sheetId'],
  DeveloperMetadataLocation: ['sheetId'],
};

/**
 * A message as Google gives it back: fields that hold their default left out, colours in both of their writings, floats
 * with the digits that 32 bits have.
 */
export function canonical<T>(type: string, value: T): T {
  return message(type, messageOf(type), value as Record<string, unknown>) as T;
}

function message(type: string, fields: Message, value: Record<string, unknown>): Record<string, unknown> {
  const present = PRESENT[type];
  const result: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    if (each === null || each === undefined) continue;
    const field = fields.get(name);
    if (!field) continue;
    if (field.isMessage && !field.map) {
      const nested = messageOf(field.type);
      if (field.lists === 0) {
        const made = message(field.type, nested, each as Record<string, unknown>);
        result[name] = field.type === 'Color' ? colour(made) : made;
      } else if ((each as unknown[]).length > 0)
        result[name] = (each as Record<string, unknown>[]).map((one) => message(field.type, nested, one));
      continue;
    }
    if (Array.isArray(each) && each.length === 0) continue;
    const isDefault =
      each === 0 || each === false || each === '' || (field.values !== null && each === field.values[0]);
    if (isDefault && !present?.includes(name)) continue;
    result[name] = field.type === 'float' && typeof each === 'number' ? shortFloat(each) : each;
  }
  return mirrored(fields, result);
}

/** The shortest decimal that is still this 32-bit float. */
export function shortFloat(value: number): number {
  const float = Math.fround(value);
  for (let digits = 6; digits <= 9; digits += 1) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return short;
  }
  return float;
}

/** Colours have 8 bits a channel, and no transparency. */
function colour(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    (['red', 'green', 'blue'] as const)
      .map((name) => [name, Math.round(Math.min(1, Math.max(0, Number(value[name] ?? 0))) * 255)] as const)
      .filter(([, bits]) => bits > 0)
      .map(([name, bits]) => [name, shortFloat(bits / 255)]),
  );
}

/** `backgroundColor` and `backgroundColorStyle` say the same; where both are given, the style counts. */
export function mirrored(fields: Message, value: Record<string, unknown>): Record<string, unknown> {
  for (const [name, field] of fields) {
    if (field.type !== 'Color' || field.name !== name) continue;
    const styled = `${name}Style`;
    if (!fields.has(styled)) continue;
    const style = value[styled] as { rgbColor?: object; themeColor?: string } | undefined;
    if (style && !style.rgbColor && !style.themeColor) {
      // A style without a colour takes the colour away.
      delete value[name];
      delete value[styled];
    } else if (style) {
      const shown = style.rgbColor ?? THEME_COLOURS[style.themeColor ?? ''];
      if (shown) value[name] = shown;
    } else if (value[name]) value[styled] = { rgbColor: value[name] };
  }
  return value;
}
