import { describe, expect, it } from 'vitest';
import { outsideReview, reviewDueAt } from '../../../sync-service/src/cases/calendar/review-window.ts';
import { formatRocDateTime } from '../../../sync-service/src/cases/calendar/roc.ts';
import { windowText } from '../../../sync-service/src/cases/calendar/window-text.ts';
import type { Window } from '../../../sync-service/src/cases/calendar/window.ts';
import { changed, taipei, tainan } from '../helpers.ts';

const ROUNDS = [
  { key: 'spring', title: '第一梯次', from: '2020-03-01', to: '2020-03-31' },
  { key: 'autumn', title: '第二梯次', from: '2020-09-01', to: '2020-09-30' },
];
const reviewing = (window: Partial<Window>) =>
  changed((program) => {
    program.rounds = ROUNDS;
    for (const queue of program.queues) queue.window = { open: true, extensions: [], ...window };
  });
const JULY = reviewing({ from: '2020-07-01', to: '2020-08-31' });

describe('deciding', () => {
  it.each([
    ['2020-06-30 23:59:59', '「平臺」的審核期間自109年7月1日（三）起，尚未開始，決定未採用。'],
    ['2020-07-01 00:00:00', null],
    ['2020-08-31 23:59:59', null],
    [
      '2020-09-01 00:00:00',
      '「平臺」的審核期間至109年8月31日（一）止（含當日），已過，決定未採用。如須延長，請承辦人在「設定」分頁修改審核迄日。',
    ],
  ])('at %s: %s', (at, sentence) => {
    expect(outsideReview(JULY, 'platform', taipei(at))).toBe(sentence);
  });
  it('is not bound where the queue has no window', () => {
    expect(outsideReview(tainan, 'platform', taipei('1990-01-01 00:00:00'))).toBeNull();
  });
  it('is off by the switch, and between rounds', () => {
    const at = taipei('2020-07-05 00:00:00');
    expect(outsideReview(reviewing({ open: false }), 'platform', at)).toContain('目前未開放審核');
    expect(outsideReview(reviewing({ rounds: ['spring', 'autumn'] }), 'platform', at)).toContain(
      '自109年9月1日（二）起',
    );
    expect(outsideReview(reviewing({ rounds: ['spring'] }), 'platform', at)).toContain(
      '至109年3月31日（二）止',
    );
  });
});

describe('the deadline of a review', () => {
  const due = (program: typeof tainan, from: string) =>
    formatRocDateTime(reviewDueAt(program, 'platform', taipei(from)));
  it.each<[what: string, window: Partial<Window>, from: string, due: string]>([
    ['no window', {}, '2020-05-04 10:00:00', '109年5月18日（一）下午11時59分'],
    [
      'inside the window',
      { from: '2020-07-01', to: '2020-08-31' },
      '2020-07-10 10:00:00',
      '109年7月24日（五）下午11時59分',
    ],
    [
      'before it opens: from its opening',
      { from: '2020-07-01', to: '2020-08-31' },
      '2020-05-04 10:00:00',
      '109年7月15日（三）下午11時59分',
    ],
    [
      'near its end: with its end',
      { from: '2020-07-01', to: '2020-08-31' },
      '2020-08-30 10:00:00',
      '109年8月31日（一）下午11時59分',
    ],
    ['after its end', { to: '2020-08-31' }, '2020-09-05 10:00:00', '109年9月21日（一）下午11時59分'],
    ['days of its own', { daysAfterNotice: 3 }, '2020-05-04 10:00:00', '109年5月7日（四）下午11時59分'],
    [
      'days after a notice',
      { notice: '2020-05-01', daysAfterNotice: 10 },
      '2020-05-04 10:00:00',
      '109年5月11日（一）下午11時59分',
    ],
    [
      'between rounds: from the next one',
      { rounds: ['spring', 'autumn'] },
      '2020-05-04 10:00:00',
      '109年9月15日（二）下午11時59分',
    ],
  ])('%s', (_what, window, from, expected) => {
    expect(due(reviewing(window), from)).toBe(expected);
  });
});

it('a window is told in words, round by round', () => {
  const text = (window: Partial<Window>) => windowText({ open: true, ...window }, ROUNDS);
  expect(text({ from: '2020-04-20', to: '2020-07-03' })).toBe(
    '109年4月20日（一）起至109年7月3日（五）止（含當日）',
  );
  expect(text({ rounds: ['spring', 'autumn'] })).toBe(
    '第一梯次109年3月1日（日）起至109年3月31日（二）止（含當日）、第二梯次109年9月1日（二）起至109年9月30日（三）止（含當日）',
  );
  expect(text({ from: '2020-04-20' })).toBe('109年4月20日（一）起');
  expect(text({ notice: '2020-04-29', daysAfterNotice: 5 })).toBe('至109年5月4日（一）止（含當日）');
  expect([text({}), windowText(undefined, ROUNDS)]).toEqual(['不限期', '不限期']);
});
