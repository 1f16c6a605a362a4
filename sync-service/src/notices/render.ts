import { PublicError } from '../../../contract/public-error.ts';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';
import juice from 'juice';
import { NOTICE_KINDS, NOTICE_SCHEMAS, type NoticeKind, type RenderedNotice } from './types.ts';

const TEMPLATES = fileURLToPath(new URL('../../../templates', import.meta.url));
const SHARED = '_shared';

export interface Renderer {
  /** @throws TemplateError where a template names a variable that the data does not have */
  render(kind: NoticeKind, data: object): RenderedNotice;
  /** The words that come with the software, without the shared frame. */
  original(kind: NoticeKind): Wording;
  /** @throws TemplateError where the words do not render the kind's sample */
  check(kind: NoticeKind, words: Wording): void;
  /** A renderer that uses the office's own words for these notices, and the original ones for all others. */
  withWordings(words: ReadonlyMap<NoticeKind, Wording>): Renderer;
}

/** What an office may word by itself. */
export interface Wording {
  subject: string;
  /** Paragraphs, with a blank line between. */
  body: string;
}

/** A template that does not compile or does not render. The message says which file and why. */
export class TemplateError extends PublicError {
  constructor(sentence: string) {
    super({
      sentence: `${sentence}。`,
      remedy: '請改正範本；變數寫成 {{caseNumber}}，可用的列在同一資料夾的 schema.json。',
      english: 'A notice template cannot be used; its folder has the variables in schema.json.',
    });
  }
}

type Render = (data: object) => RenderedNotice;

/** The words of one notice. */
export interface TemplateSource {
  subject: string;
  text: string;
  html: string;
}

/** Reads every template once. `folder` is for an office's own wording and for tests. */
export function createRenderer(folder: string = TEMPLATES): Renderer {
  const engine = createEngine(join(folder, SHARED));
  const compiled = new Map(
    NOTICE_KINDS.map((kind) => [kind, engine.compile(kind, readTemplate(folder, kind))]),
  );
  const custom = (kind: NoticeKind, words: Wording) => engine.compile(kind, framed(words));
  // A cycle asks for the same words again and again: compiling them each time would cost more than the mails.
  const latest = new Map<NoticeKind, { words: Wording; render: Render }>();
  const compiledOnce = (kind: NoticeKind, words: Wording) => {
    const known = latest.get(kind);
    if (known && known.words.subject === words.subject && known.words.body === words.body)
      return known.render;
    const render = custom(kind, words);
    latest.set(kind, { words, render });
    return render;
  };
  const using = (inForce: ReadonlyMap<NoticeKind, Render>): Renderer => ({
    render(kind, data) {
      const render = inForce.get(kind);
      if (!render) throw new TemplateError(`沒有範本 templates/${kind}`);
      return render(NOTICE_SCHEMAS[kind].parse(data));
    },
    original(kind) {
      const { subject, text } = readTemplate(folder, kind);
      return { subject: subject.trim(), body: text.replace(FRAME_START, '').replace(FRAME_END, '').trim() };
    },
    check(kind, words) {
      const rendered = custom(kind, words)(readSample(kind, folder));
      if (!rendered.subject) throw new TemplateError('主旨不可空白');
    },
    withWordings: (words) =>
      using(
        new Map([
          ...compiled,
          ...[...words].map(([kind, own]): [NoticeKind, Render] => [kind, compiledOnce(kind, own)]),
        ]),
      ),
  });
  return using(compiled);
}

export function readTemplate(folder: string, kind: string): TemplateSource {
  const read = (file: string) => {
    const path = join(folder, kind, file);
    if (!existsSync(path)) throw new TemplateError(`缺少範本檔 ${path}`);
    return readFileSync(path, 'utf8');
  };
  return { subject: read('subject.hbs'), text: read('text.hbs'), html: read('html.hbs') };
}

/** The sample data that a kind's template must render. */
export function readSample(kind: NoticeKind, folder: string = TEMPLATES): object {
  return NOTICE_SCHEMAS[kind].parse(JSON.parse(readFileSync(join(folder, kind, 'sample.json'), 'utf8')));
}

const FRAME_START = /^\{\{#> layout-text\}\}\n/u;
const FRAME_END = /\n\{\{\/layout-text\}\}\s*$/u;

/** Matches braces that would write what somebody typed into HTML as it stands. */
const UNESCAPED = /\{\{~?[{&]/u;

/** What stands between the variables is text, also where it looks like HTML. */
function escapeWords(line: string): string {
  return line
    .split(/(\{\{.*?\}\})/u)
    .map((part) => (part.startsWith('{{') ? part : Handlebars.escapeExpression(part)))
    .join('');
}

/**
 * An office's own words in the shared frame: paragraphs by blank lines, links where a line is nothing but one.
 * @throws TemplateError where they would leave HTML unescaped
 */
function framed({ subject, body }: Wording): TemplateSource {
  if (UNESCAPED.test(body)) throw new TemplateError('變數請用兩層大括號，例如 {{caseNumber}}');
  const paragraphs = body.split(/\n{2,}/u).map((paragraph) => {
    const lines = paragraph.split('\n').map((line) => {
      if (/^\{\{(?:#|\/|else)[^}]*\}\}$/u.test(line.trim())) return line;
      const link = /^\{\{(\w+Url)\}\}$/u.exec(line.trim());
      if (link) return `<a href="{{${link[1]}}}">{{${link[1]}}}</a><br>`;
      const words = escapeWords(line);
      return `${words.replaceAll('{{> facts-text}}', '{{> facts-html}}').replaceAll('{{indent ', '{{lines ')}<br>`;
    });
    return lines.join('\n');
  });
  return {
    subject,
    text: `{{#> layout-text}}\n${body}\n{{/layout-text}}`,
    html: `{{#> layout-html}}\n<div>${paragraphs.join('<br>\n')}</div>\n{{/layout-html}}`,
  };
}

function createEngine(shared: string) {
  const engine = Handlebars.create();
  engine.registerHelper('chineseNumber', (index: number) => chineseNumber(index + 1));
  engine.registerHelper('indent', (text: string) =>
    text
      .split(/\r?\n/u)
      .map((line) => `　　${line}`)
      .join('\n'),
  );
  engine.registerHelper(
    'lines',
    (text: string) =>
      new Handlebars.SafeString(
        text
          .split(/\r?\n/u)
          .map((line) => Handlebars.escapeExpression(line))
          .join('<br>'),
      ),
  );
  for (const file of readdirSync(shared).filter((name) => name.endsWith('.hbs')))
    engine.registerPartial(file.slice(0, -4), readFileSync(join(shared, file), 'utf8'));
  const styles = JSON.parse(readFileSync(join(shared, 'styles.json'), 'utf8')) as Record<string, string>;
  const css = Object.entries(styles)
    .map(([selector, rules]) => `${selector}{${rules}}`)
    .join('\n');
  return {
    compile(name: string, source: TemplateSource): Render {
      const plain = { strict: true, noEscape: true };
      const subject = engine.compile(source.subject.trim(), plain);
      const text = engine.compile(source.text, plain);
      const html = engine.compile(source.html, { strict: true });
      return (data) => {
        try {
          return { subject: oneLine(subject(data)), text: tidy(text(data)), html: inlined(html(data), css) };
        } catch (error) {
          throw new TemplateError(`範本 ${name} 無法使用：${(error as Error).message}`);
        }
      };
    },
  };
}

const SUBJECT_LENGTH = 150;
/** Characters that turn the direction of all text that follows, also in a list of mails. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A subject is one header line of a length that a list of mails can show, whatever a person typed. */
function oneLine(text: string): string {
  const chars = [
    ...text
      .replace(TURNS, '')
      .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .trim(),
  ];
  return chars.length > SUBJECT_LENGTH ? `${chars.slice(0, SUBJECT_LENGTH - 1).join('')}…` : chars.join('');
}

function tidy(text: string): string {
  return `${text
    .replace(/[^\S\n]+$/gmu, '')
    .replace(/\n{3,}/gu, '\n\n')
    .trim()}\n`;
}

/** Mail readers drop style sheets, so every rule is written into its elements. */
function inlined(html: string, css: string): string {
  return juice.inlineContent(html, css, { applyWidthAttributes: false, applyHeightAttributes: false });
}

function chineseNumber(n: number): string {
  const digits = '零一二三四五六七八九';
  if (n < 10) return digits[n] ?? '';
  const tens = Math.floor(n / 10);
  return `${tens > 1 ? digits[tens] : ''}十${n % 10 ? digits[n % 10] : ''}`;
}
