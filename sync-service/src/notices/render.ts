import { boundedData } from './bounded-data.ts';
import { createEngine, oneLine, type Template } from './engine.ts';
import {
  hashOfWords,
  originalWords,
  readKnownOriginals,
  readShared,
  readTemplate,
  type TemplateSource,
  WORDING_PARTS,
  type Wording,
} from './template-files.ts';
import { NOTICE_KINDS, NOTICE_SCHEMAS, type NoticeKind, type RenderedNotice } from './types.ts';
import { checkWords, type Verdict } from './wording/check.ts';
import { type OwnWords, readOwnWords } from './wording/own-words.ts';
import { htmlFormat, PLAIN, TooMuchError, writeWords } from './wording/write.ts';
import { recordOf } from '../../../contract/records.ts';

export { readSample, TemplateError, type Wording, WORDING_PARTS } from './template-files.ts';

/** A mail as it leaves. */
export interface Rendering extends RenderedNotice {
  /** Why the original words stand in it though the office has its own; null where nothing was replaced. */
  insteadOfOwn: string | null;
}

export interface Renderer {
  /** @throws TemplateError where a template names a variable that the data does not have */
  render(kind: NoticeKind, data: object): Rendering;
  /** The words that come with the software, without the shared frame. */
  original(kind: NoticeKind): Wording;
  /** The words that mails go out in: the office's own, or the original ones. */
  inForce(kind: NoticeKind): Wording;
  /** What an office has worded by itself: a part that is blank, or as any release had it, is blank. */
  ownPart(kind: NoticeKind, words: Wording): Wording;
  /** What is wrong with an office's words, or missing in them. */
  check(kind: NoticeKind, words: Wording): Verdict;
  /** A renderer that uses the office's own words for these notices, and the original ones for all others. */
  withWordings(words: ReadonlyMap<NoticeKind, Wording>): Renderer;
}

/** An office's words and what came of reading them. */
interface Judged {
  words: OwnWords | null;
  verdict: Verdict;
}

/** What is in force and what was typed last, of every notice. */
const REMEMBERED = 2 * NOTICE_KINDS.length;

/** Reads every template once. */
export function createRenderer(): Renderer {
  const engine = createEngine();
  const sources = recordOf(NOTICE_KINDS, (kind) => readTemplate(kind));
  const templates = recordOf(NOTICE_KINDS, (kind) => engine.compile(kind, sources[kind]));
  const frame = engine.compile('_shared', FRAME);
  const facts = engine.part('facts-html');
  const shared = readShared();
  const originals = readKnownOriginals();
  const judge = createJudge(shared);

  const ownPart = (kind: NoticeKind, wording: Wording): Wording =>
    recordOf(WORDING_PARTS, (part) => {
      const hash = hashOfWords(wording[part]);
      return wording[part].trim() === '' || originals[kind]?.[part].includes(hash) ? '' : wording[part];
    });

  const using = (inForce: ReadonlyMap<NoticeKind, { own: Wording; judged: Judged }>): Renderer => ({
    render(kind, given) {
      const template = templates[kind];
      const data = boundedData(NOTICE_SCHEMAS[kind].parse(given));
      const { words, verdict } = inForce.get(kind)?.judged ?? NOTHING_OWN;
      let insteadOfOwn = verdict.problem || null;
      try {
        if (words && !insteadOfOwn)
          return { ...withOwn(template, { frame, facts }, words, data), insteadOfOwn };
      } catch (error) {
        // No notice waits for the office's words to be mended.
        insteadOfOwn =
          error instanceof TooMuchError || error instanceof BlankError ? error.message : '寫不出來';
      }
      return {
        subject: template.subject(data),
        text: template.text(data),
        html: template.html(data),
        insteadOfOwn,
      };
    },
    original: (kind) => originalWords(sources[kind]),
    inForce(kind) {
      const original = originalWords(sources[kind]);
      const entry = inForce.get(kind);
      if (!entry || entry.judged.verdict.problem) return original;
      return { subject: entry.own.subject || original.subject, body: entry.own.body || original.body };
    },
    ownPart,
    check: (kind, words) => judge(kind, ownPart(kind, words)).verdict,
    withWordings: (words) =>
      using(
        new Map(
          [...words].map(([kind, wording]) => {
            const own = ownPart(kind, wording);
            return [kind, { own, judged: judge(kind, own) }];
          }),
        ),
      ),
  });
  return using(new Map());
}

/** Reads an office's words, and remembers what came of it. */
function createJudge(shared: ReturnType<typeof readShared>): (kind: NoticeKind, wording: Wording) => Judged {
  // A cycle asks for the same words again and again: reading them each time would cost more than the mails.
  const known = new Map<string, Judged>();

  return (kind, wording) => {
    if (WORDING_PARTS.every((part) => wording[part] === '')) return NOTHING_OWN;
    const key = JSON.stringify([kind, wording.subject, wording.body]);
    const remembered = known.get(key);
    if (remembered) return remembered;
    const read = readOwnWords(kind, wording, shared);
    const judged =
      'words' in read
        ? { words: read.words, verdict: checkWords(kind, read.words) }
        : { words: null, verdict: { problem: read.problem, warning: '' } };
    if (known.size >= REMEMBERED) known.clear();
    known.set(key, judged);
    return judged;
  };
}

interface Frame {
  frame: Template;
  facts(data: object): string;
}

/** Renders with the office's own words, in the frame that all mails share. */
function withOwn(
  template: Template,
  { frame, facts }: Frame,
  { subject, body }: OwnWords,
  data: object,
): RenderedNotice {
  const html = htmlFormat((name) => (name === 'facts-text' ? facts(data) : null));
  const written = {
    subject: subject ? oneLine(writeWords(subject, data, PLAIN)) : template.subject(data),
    text: body
      ? frame.text({ ...data, words: notBlank(writeWords(body, data, PLAIN)) })
      : template.text(data),
    html: body ? frame.html({ ...data, words: writeWords(body, data, html) }) : template.html(data),
  };
  notBlank(written.subject);
  return written;
}

const NOTHING_OWN: Judged = { words: null, verdict: { problem: '', warning: '' } };

/** Nothing was written, with data that no trial had. */
class BlankError extends Error {
  constructor() {
    super('寫出來是空白的');
  }
}

function notBlank(text: string): string {
  if (text.trim() === '') throw new BlankError();
  return text;
}

/** What stands around an office's own words. */
const FRAME: TemplateSource = {
  subject: '',
  text: '{{#> layout-text}}\n{{words}}\n{{/layout-text}}',
  html: '{{#> layout-html}}\n<div>{{{words}}}</div>\n{{/layout-html}}',
};
