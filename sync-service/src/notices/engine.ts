import Handlebars from 'handlebars';
import juice from 'juice';
import { readShared, readStyles, TemplateError, type TemplateSource } from './template-files.ts';
import { chineseNumber } from './wording/chinese-number.ts';
import { indented } from './wording/write.ts';

/** A template of ours, ready to be filled. Each throws a `TemplateError` where the data lack what it names. */
export interface Template {
  subject(data: object): string;
  text(data: object): string;
  html(data: object): string;
}

/** Compiles the words that come with the software; an office's own are never compiled. */
export function createEngine() {
  // Handlebars keeps a part as the first template that used it was compiled: one engine for both would put what a text
  // has unescaped into HTML.
  const [plain, rich] = [environment({ noEscape: true }), environment({ noEscape: false })];
  const css = readStyles();
  return {
    /**
     * Renders a shared part by itself, as HTML. Its styles are left out, as the mail that it is put into brings them.
     */
    part: (name: string) => rich(`{{> ${name}}}`),
    compile(name: string, source: TemplateSource): Template {
      const [subject, text, html] = [plain(source.subject), plain(source.text), rich(source.html)];
      const filled = (write: () => string) => {
        try {
          return write();
        } catch (error) {
          throw new TemplateError(`範本 ${name} 無法使用：${error instanceof Error ? error.message : ''}`);
        }
      };
      return {
        subject: (data) => filled(() => oneLine(subject(data))),
        text: (data) => filled(() => tidy(text(data))),
        html: (data) => filled(() => inlined(html(data), css)),
      };
    },
  };
}

function environment(options: { noEscape: boolean }): (source: string) => (data: object) => string {
  const engine = Handlebars.create();
  engine.registerHelper('chineseNumber', (index: number) => chineseNumber(index + 1));
  engine.registerHelper('indent', (text: string | null) => indented(text ?? ''));
  engine.registerHelper('lines', (text: string | null) => new Handlebars.SafeString(brokenLines(text ?? '')));
  for (const [name, source] of readShared()) engine.registerPartial(name, source);
  return (source) => engine.compile(source, { strict: true, ...options });
}

function brokenLines(text: string): string {
  const lines = text.split(/\r?\n/u).map((line) => Handlebars.escapeExpression(line));
  return lines.join('<br>');
}

const SUBJECT_LENGTH = 150;
/** Characters that turn the direction of all text that follows, also in a list of mails. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A subject is one header line of a length that a list of mails can show, whatever a person typed. */
export function oneLine(text: string): string {
  const chars = [
    ...text
      .replace(TURNS, '')
      .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .trim(),
  ];
  return chars.length > SUBJECT_LENGTH ? `${chars.slice(0, SUBJECT_LENGTH - 1).join('')}…` : chars.join('');
}

/** Goes line by line, since one expression for blanks at line ends takes seconds where somebody typed 50,000 blanks. */
function tidy(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  return `${lines
    .join('\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim()}\n`;
}

/** Mail readers drop style sheets, so every rule is written into its elements. */
function inlined(html: string, css: string): string {
  return juice.inlineContent(html, css, { applyWidthAttributes: false, applyHeightAttributes: false });
}
