/** HTML that is already safe. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | null | undefined | false | Html | readonly Part[];

/** Makes a page's HTML: every value is escaped unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Html {
  return new Html(strings.reduce((text, part, i) => text + toText(values[i - 1]) + part));
}

function toText(value: Part): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(toText).join('');
  if (value === null || value === undefined || value === false) return '';
  return String(value).replace(/[&<>"']/gu, (char) => `&#${char.charCodeAt(0)};`);
}
