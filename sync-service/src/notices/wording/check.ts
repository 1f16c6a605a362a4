import { readSample } from '../template-files.ts';
import type { NoticeKind } from '../types.ts';
import type { OwnWords } from './own-words.ts';
import { emptyData, fullData, linkOf, trialData } from './trial-data.ts';
import { variablesOf } from './variables.ts';
import { htmlFormat, PLAIN, TooMuchError, writeWords } from './write.ts';

/** What an office is told of its words. */
export interface Verdict {
  /** Why they cannot be used; blank where they can. */
  problem: string;
  /** They are used, and something is missing in them; blank where nothing is. */
  warning: string;
}

/** What a mail is sent for: the variable with the link that its reader needs, and what happens without it. */
const LINKS: Partial<Record<NoticeKind, { variable: string; link: string; without: string }>> = {
  'correction-request': {
    variable: 'editUrl',
    link: 'editUrl',
    without: '教師收到信後無法打開原填報補正',
  },
  reminder: { variable: 'editUrl', link: 'editUrl', without: '教師收到信後無法打開原填報補正' },
  announcement: { variable: 'forms', link: 'url', without: '教師收到信後找不到表單' },
  'announcement-reminder': { variable: 'forms', link: 'url', without: '教師收到信後找不到表單' },
};

/** Writes an office's words with every kind of data that the notice may have. */
export function checkWords(kind: NoticeKind, words: OwnWords): Verdict {
  const problem = trialProblem(kind, words);
  return { problem, warning: problem ? '' : lostLink(kind, words) };
}

function trialProblem(kind: NoticeKind, { subject, body }: OwnWords): string {
  try {
    for (const data of [readSample(kind), ...trialData(variablesOf(kind))]) {
      if (subject && !writeWords(subject, data, PLAIN).trim())
        return '主旨：有些案件沒有這些資料，主旨會是空白的。請加上固定的文字。';
      if (!body) continue;
      if (!writeWords(body, data, PLAIN).trim())
        return '內文：有些案件沒有這些資料，整封信會是空白的。請加上固定的文字。';
      writeWords(body, data, HTML);
    }
    return '';
  } catch (error) {
    if (error instanceof TooMuchError) return `${error.message}，請寫短一點。`;
    throw error;
  }
}

const HTML = htmlFormat(() => null);

function lostLink(kind: NoticeKind, { body }: OwnWords): string {
  const needed = LINKS[kind];
  if (!needed || !body) return '';
  const { variable, link, without } = needed;
  const fields = variablesOf(kind);
  // Renders with nothing else there, since a link inside another variable's {{#if}} would be missing too.
  const data = { ...emptyData(fields), [variable]: fullData(fields)[variable] };
  if (writeWords(body, data, PLAIN).includes(linkOf(link) ?? '')) return '';
  return `已採用，但內文沒有連結 {{${link}}}：${without}。`;
}
