import { describe, expect, it } from 'vitest';
import {
  endOfDaysAfter,
  endOfMonthsAfter,
  windowState,
} from '../../../sync-service/src/cases/calendar/window.ts';
import { parseProgram } from '../../../sync-service/src/program/load.ts';
import { changed, receive, tainan, taipei } from '../helpers.ts';

const APRIL = { open: true, from: '2020-04-10', to: '2020-07-31' };

describe('an absolute window, in Taipei time', () => {
  it.each([
    ['2020-04-09 23:59:59', 'early'],
    ['2020-04-10 00:00:00', 'open'],
    ['2020-07-31 23:59:59', 'open'],
    ['2020-07-31 23:59:59.999', 'open'],
    ['2020-08-01 00:00:00', 'late'],
  ])('%s is %s', (at, state) => {
    expect(windowState(APRIL, [], taipei(at))).toBe(state);
  });

  it('the switch closes it whatever the dates say', () => {
    for (const at of ['2020-04-01 00:00:00', '2020-05-01 00:00:00', '2020-09-01 00:00:00'])
      expect(windowState({ ...APRIL, open: false }, [], taipei(at))).toBe('closed');
  });

  it('may have one end only, or none', () => {
    expect(windowState({ open: true, from: '2020-04-10' }, [], taipei('2030-01-01 00:00:00'))).toBe('open');
    expect(windowState({ open: true, to: '2020-04-10' }, [], taipei('1990-01-01 00:00:00'))).toBe('open');
    expect(windowState({ open: true }, [], taipei('2020-01-01 00:00:00'))).toBe('open');
  });
});

describe('rounds', () => {
  const rounds = [
    { key: 'first', from: '2020-03-01', to: '2020-03-31' },
    { key: 'second', from: '2020-09-01', to: '2020-09-30' },
  ];
  const window = { open: true, rounds: ['first', 'second'] };
  it.each([
    ['2020-02-29 23:59:59', 'early'],
    ['2020-03-01 00:00:00', 'open'],
    ['2020-03-31 23:59:59', 'open'],
    ['2020-04-01 00:00:00', 'early'],
    ['2020-09-30 23:59:59', 'open'],
    ['2020-10-01 00:00:00', 'late'],
  ])('%s is %s', (at, state) => {
    expect(windowState(window, rounds, taipei(at))).toBe(state);
  });
  it('of other forms do not matter', () => {
    expect(windowState({ open: true, rounds: ['first'] }, rounds, taipei('2020-09-10 00:00:00'))).toBe(
      'late',
    );
  });
});

describe('a relative window', () => {
  it('n calendar days after the notice: its own day does not count', () => {
    const window = { open: true, notice: '2020-04-27', daysAfterNotice: 5 };
    const state = (at: string) => windowState(window, [], taipei(at));
    expect(state('2020-05-02 23:59:59')).toBe('open');
    expect(state('2020-05-03 00:00:00')).toBe('late');
    expect(endOfDaysAfter(taipei('2020-04-27 23:59:59'), 5)).toEqual(taipei('2020-05-03 00:00:00'));
  });
  it('n months after the certificate, to the end of the month where it is shorter', () => {
    const certificateDay = { year: 2020, month: 1, day: 31 };
    const state = (at: string) =>
      windowState({ open: true, monthsAfterCertificate: 1 }, [], taipei(at), { certificateDay });
    expect(state('2020-02-29 23:59:59')).toBe('open');
    expect(state('2020-03-01 00:00:00')).toBe('late');
    expect(endOfMonthsAfter({ year: 2019, month: 11, day: 30 }, 3)).toEqual(taipei('2020-03-01 00:00:00'));
    expect(endOfMonthsAfter({ year: 2019, month: 12, day: 15 }, 1)).toEqual(taipei('2020-01-16 00:00:00'));
  });
  it('does not bind where its beginning is not known', () => {
    const window = { open: true, daysAfterNotice: 5, monthsAfterCertificate: 1 };
    expect(windowState(window, [], taipei('2030-01-01 00:00:00'))).toBe('open');
  });
});

describe('the windows of Tainan', () => {
  it.each([
    ['advanced-mentor-106-107', '2020-04-10 00:00:00', '2020-07-31 23:59:59'],
    ['advanced-mentor-105-earlier', '2020-04-10 00:00:00', '2020-07-31 23:59:59'],
    ['training-record-problem', '2020-04-10 00:00:00', '2020-07-31 23:59:59'],
    ['initial', '2020-04-20 00:00:00', '2020-07-03 23:59:59'],
  ])('%s, from its first to its last second', (form, first, last) => {
    const at = (time: Date) => {
      const moved = new Date(time.getTime() + 8 * 3600_000).toISOString().slice(0, 19).replace('T', ' ');
      return receive({ form, at: moved, answers: { description: '研習缺漏' } }).outcome;
    };
    expect(at(taipei(first))).toBe('review');
    expect(at(taipei(last))).toBe('review');
    expect(at(new Date(taipei(first).getTime() - 1000))).toBe('late');
    expect(at(new Date(taipei(last).getTime() + 1000))).toBe('late');
  });

  it('the sentence says since when and until when', () => {
    const because = (at: string) => receive({ at }).explanation[0];
    expect(because('2020-08-01 00:00:00')).toMatchObject({ rule: 'window.late' });
    expect(because('2020-08-01 00:00:00')?.because).toContain('至109年7月31日（五）止');
    expect(because('2020-04-09 23:59:59')?.because).toContain('109年4月10日（五）起');
  });
});

describe('the sentence of a window that is not two days', () => {
  const because = (window: object, at: string, year = '106') => {
    const program = changed(({ forms: [form], rounds }) => {
      rounds.push({ key: 'one', title: '第一梯次', from: '2020-03-01', to: '2020-03-31' });
      rounds.push({ key: 'two', title: '第二梯次', from: '2020-09-01', to: '2020-09-30' });
      if (form) form.window = { open: true, extensions: [], ...window };
    });
    return receive({ at, answers: { 'school-year': year } }, undefined, program).explanation[0]?.because;
  };
  it('names the next round, or the last', () => {
    const window = { rounds: ['one', 'two'] };
    expect(because(window, '2020-05-01 00:00:00')).toContain('尚未開始受理（109年9月1日（二）起）');
    expect(because(window, '2020-10-01 00:00:00')).toContain('，至109年9月30日（三）止（含當日）。');
  });
  it('names the end after a notice, or after the certificate', () => {
    expect(because({ notice: '2020-04-29', daysAfterNotice: 5 }, '2020-05-05 00:00:00')).toContain(
      '，至109年5月4日（一）止（含當日）。',
    );
    expect(because({ monthsAfterCertificate: 6 }, '2020-05-05 00:00:00', '2018/3/15')).toContain(
      '，證書日期後6個月，至107年9月15日（六）止（含當日）。',
    );
  });
});

describe('an extension in the file', () => {
  const text = (window: string) => `
key: t
title: t
office: o
casePrefix: T1
schools: { file: s.csv }
contacts: {}
queues: [{ key: q, label: 佇列 }]
forms:
  - key: f
    title: f
    privacyNotice: { office: o, purpose: p, classes: c, use: u, rights: r, consequence: c }
    window: ${window}
    fields:
      - { key: name, title: 姓名, type: text }
      - { key: email, title: 信箱, type: email }
      - { key: consent, title: 同意, type: consent, options: [{ value: 我同意 }] }
stages: { s: { label: 審核, kind: review, queue: q } }
routes: [{ key: r, when: {}, form: f, stages: [s] }]
outcomes: [{ key: approve, label: 通過, trigger: approved }]
`;
  const windowOf = (window: string) => parseProgram(text(window), 't.yaml').forms[0]?.window;

  it('moves the end; the latest one counts', () => {
    const window = windowOf(
      '{ from: 109-04-20, to: 109-07-03, extensions: [{ to: 109-07-31, reason: 教育部函 }, { to: 109-07-10 }] }',
    );
    expect(window).toMatchObject({ open: true, from: '2020-04-20', to: '2020-07-31' });
  });
  it('never shortens it', () => {
    expect(windowOf('{ to: 109-07-03, extensions: [{ to: 109-06-30 }] }')).toMatchObject({
      to: '2020-07-03',
    });
  });
  it('of a window without an end gives it none', () => {
    expect(windowOf('{ from: 109-04-20, extensions: [{ to: 109-06-30 }] }')).not.toHaveProperty('to');
  });
});

it('the program of Tainan says the dates of the notice', () => {
  expect(tainan.forms.map(({ window }) => [window?.from, window?.to])).toEqual([
    ['2020-04-10', '2020-07-31'],
    ['2020-04-10', '2020-07-31'],
    ['2020-04-20', '2020-07-03'],
    ['2020-04-10', '2020-07-31'],
  ]);
});
