import { squeeze } from '../cases/reading/text.ts';

const BRACKETS: Record<string, string> = Object.fromEntries(
  ['[]', '{}', '〔〕', '【】', '〈〉', '《》', '「」', '『』'].flatMap(([open = '', close = '']) => [
    [open, '('],
    [close, ')'],
  ]),
);

/**
 * Brings titles to one writing for comparing: width, blanks and line ends, 台 and 臺, 証 and 證, 号 and 號, kinds of
 * brackets, capitals; without the star and the colon of a form.
 */
export function titleKey(title: string): string {
  return squeeze(title)
    .replaceAll('台', '臺')
    .replaceAll('証', '證')
    .replaceAll('号', '號')
    .replace(/[[\]{}〔〕【】〈〉《》「」『』]/gu, (bracket) => BRACKETS[bracket] ?? bracket)
    .replace(/[*:]+$/u, '')
    .toLowerCase();
}

/** Without what a person explains in brackets: 服務學校（全名） is 服務學校. */
export function bareTitleKey(title: string): string {
  const key = titleKey(title);
  return key.replace(/\([^()]*\)/gu, '').replace(/[*:]+$/u, '') || key;
}
