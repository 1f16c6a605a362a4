import { describe, expect, it } from 'vitest';
import { bareData } from './bare.ts';
import { createRenderer, readSample, type Wording } from '../../sync-service/src/notices/render.ts';
import { NOTICE_KINDS, type NoticeKind } from '../../sync-service/src/notices/types.ts';

const renderer = createRenderer();
const BLANK: Wording = { subject: '', body: '' };
/** A letter of its own with these words in it; alone they might leave some mail blank. */
const letter = (body: string): Wording => ({ subject: '', body: `老師好：\n${body}` });
const problemOf = (body: string, kind: NoticeKind = 'acknowledgement') =>
  renderer.check(kind, letter(body)).problem;
const withOwn = (kind: NoticeKind, words: Partial<Wording>) =>
  renderer.withWordings(new Map([[kind, { ...BLANK, ...words }]]));
const write = (kind: NoticeKind, body: string, data: object = {}) =>
  withOwn(kind, letter(body)).render(kind, { ...readSample(kind), ...data });

describe("the office's own words", () => {
  const words = {
    subject: '【{{caseNumber}}】收到了',
    body: '{{maskedName}}老師好：\n\n案號 {{caseNumber}}。\n{{trackingUrl}}\n\n{{> facts-text}}',
  };

  it('take the place of the original ones, in text and HTML, and go again', () => {
    expect(renderer.check('acknowledgement', words)).toEqual({ problem: '', warning: '' });
    const rendered = withOwn('acknowledgement', words).render(
      'acknowledgement',
      readSample('acknowledgement'),
    );
    expect(rendered.subject).toBe('【TN109-000123】收到了');
    expect(rendered.text).toContain('王○○老師好');
    expect(rendered.html).toContain('<a href="https://budeng.invalid/t/EXAMPLE" style="color: inherit;">');
    expect(rendered.html).toContain('<table');
    expect(rendered.insteadOfOwn).toBeNull();
    expect(renderer.render('acknowledgement', readSample('acknowledgement')).subject).toContain(
      '已收到您的填報',
    );
  });

  it('of the subject alone leave the body its own layout with its buttons', () => {
    const sample = readSample('reminder');
    const [original, own] = [renderer, withOwn('reminder', { subject: '請補正 {{caseNumber}}' })].map(
      (each) => each.render('reminder', sample),
    );
    expect(original?.html).toContain('class="button"');
    expect(own).toEqual({ ...original, subject: '請補正 TN109-000123' });
  });

  it('of the body alone leave the subject', () => {
    const own = write('reminder', '請補正。');
    expect(own.subject).toBe(renderer.render('reminder', readSample('reminder')).subject);
    expect(own.text).toContain('請補正。');
  });

  it('are not the office’s own where they are the original ones of any release', () => {
    for (const kind of NOTICE_KINDS) {
      expect(renderer.ownPart(kind, renderer.original(kind))).toEqual(BLANK);
      const own = withOwn(kind, renderer.original(kind));
      expect(own.render(kind, readSample(kind))).toEqual(renderer.render(kind, readSample(kind)));
    }
    // As 0.1 had it; see test/provisioning/office-0.1.test.ts for the rest.
    const earlier = { subject: '【{{caseNumber}}】已收到您的填報', body: '' };
    expect(renderer.ownPart('acknowledgement', earlier)).toEqual(BLANK);
  });

  it.each(NOTICE_KINDS)('may begin as the original ones: %s', (kind) => {
    const { subject, body } = renderer.original(kind);
    const words = { subject: `甲${subject}`, body: `${body}\n乙` };
    expect(renderer.check(kind, words)).toEqual({ problem: '', warning: '' });
    const own = withOwn(kind, words).render(kind, readSample(kind));
    const original = renderer.render(kind, readSample(kind));
    expect(withOwn(kind, words).render(kind, bareData(kind)).insteadOfOwn).toBeNull();
    // The language says the same as the engine of the original words.
    expect(own.subject).toBe(`甲${original.subject}`.slice(0, 150));
    expect(own.text.replace('\n乙', '').replaceAll(/\n+/gu, '\n')).toBe(
      original.text.replaceAll(/\n+/gu, '\n'),
    );
  });

  it('are text, also where they look like HTML, and never take the escape from what somebody typed', () => {
    const { html, text } = write('acknowledgement', '{{maskedName}}：<script>alert(1)</script> A&B < C');
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script');
    expect(text).toContain('<script>alert(1)</script> A&B < C');
    for (const variable of ['{{{maskedName}}}', '{{&maskedName}}', '{{~{maskedName}}}', '{{{{maskedName}}}}'])
      expect(problemOf(variable)).toContain('兩層');
  });

  it.each([
    '\n',
    '\r\n',
    '\r',
    '\u2028',
    '\u2029',
    '\u0085',
    '\v',
    '\f',
  ])('let no raw HTML through behind the line end %j', (end) => {
    const body = `{{maskedName}}${end}<img src=x onerror=alert(1)>${end}{{reason}}`;
    const { html } = write('rejected', body, { reason: `甲${end}<b>乙</b>` });
    expect(html).not.toMatch(/<img src=x|<b>/u);
    expect(html).toContain('&lt;img');
  });

  it('set each line of a part in, where it stands behind blanks', () => {
    const { text } = write('acknowledgement', '資料：\n  {{> facts-text}}\n完');
    expect(text).toContain('\n  　案　　號：TN109-000123\n  　表　　單：');
    expect(text).toMatch(/\n {2}　收件時間：[^\n]*\n完\n/u);
  });

  it('number the entries of a list, and write what stands in them', () => {
    const forms = '{{#each forms}}{{chineseNumber @index}}、{{title}}\n{{url}}\n{{else}}沒有表單{{/each}}';
    const { text, html } = write('announcement', forms);
    expect(text).toContain('一、初階證書補登（不限取得年度）\nhttps://docs.google.com/');
    expect(html).toContain('<a href="https://docs.google.com/forms/d/e/EXAMPLE/viewform"');
    expect(write('announcement', forms, { forms: [] }).text).toContain('沒有表單');
  });
});

describe('what is missing', () => {
  it('is left out: an automatic correction has no reason, and its mail goes out in the own words', () => {
    const body = '{{indent reason}}{{lines reason}}{{letter.number}}{{#each problems}}{{this}}{{/each}}。';
    expect(problemOf(body, 'correction-request')).toBe('');
    const mail = withOwn('correction-request', letter(body)).render(
      'correction-request',
      bareData('correction-request'),
    );
    expect(mail.insteadOfOwn).toBeNull();
    expect(mail.text).toContain('老師好：\n。');
  });

  it('may not leave the subject or the letter blank', () => {
    expect(renderer.check('registered', { subject: '{{reason}}', body: '' }).problem).toContain(
      '主旨會是空白',
    );
    expect(renderer.check('registered', { subject: '', body: '{{reason}} \n' }).problem).toContain('整封信');
  });

  it('is warned of where it is the link that the mail is sent for', () => {
    const warning = (kind: NoticeKind, body: string) => renderer.check(kind, letter(body)).warning;
    for (const kind of ['reminder', 'correction-request'] as const) {
      expect(warning(kind, '請補正。')).toContain('{{editUrl}}');
      expect(warning(kind, '請補正：{{editUrl}}')).toBe('');
      expect(warning(kind, '{{#if editUrl}}請補正：{{editUrl}}{{/if}}')).toBe('');
      expect(warning(kind, '{{#if reason}}請補正：{{editUrl}}{{/if}}')).toContain('{{editUrl}}');
    }
    expect(warning('announcement', '請填報。')).toContain('{{url}}');
    expect(warning('announcement', '{{#each forms}}{{url}}{{/each}}')).toBe('');
    expect(warning('registered', '已登錄。')).toBe('');
    // The original body has its link.
    expect(renderer.check('reminder', { subject: '快到期了', body: '' }).warning).toBe('');
  });
});

describe('the language has nothing else', () => {
  it.each([
    '{{log trackingUrl}}',
    '{{lookup . "trackingUrl"}}',
    '{{@root.trackingUrl}}',
    '{{../trackingUrl}}',
    '{{constructor}}',
    '{{caseNumber.constructor}}',
    '{{contact.__proto__}}',
    '{{"caseNumber"}}',
    '{{5}}',
    '{{indent (lookup . "reason")}}',
    '{{#with contact}}{{office}}{{/with}}',
    '{{#each contact}}{{this}}{{/each}}',
    '{{#each problems as |p|}}{{p}}{{/each}}',
    '{{#each problems}}{{caseNumber}}{{/each}}',
    '{{#if caseNumber includeZero=true}}甲{{/if}}',
    '{{#if (lookup . "reason")}}甲{{/if}}',
    '{{#*inline "甲"}}{{/inline}}',
    '{{#> layout-text}}甲{{/layout-text}}',
    '{{> layout-html}}',
    '{{> (lookup . "reason")}}',
    '{{> facts-text caseNumber="甲"}}',
    '{{#each problems}}{{> facts-text}}{{/each}}',
    '{{! 註解 }}',
    '{{!-- }} --}}',
    '\\{{caseNumber}}',
    '{{chineseNumber 3}}',
    '{{moved}}',
    '{{problems}}',
    '{{contact}}',
    '{{this}}',
    '{{.}}',
    '{{ }}',
    '{{caseNumber maskedName}}',
    '{{indent reason maskedName}}',
    '{{[case Number]}}',
    '{{^moved}}甲{{/moved}}',
    '{{* decorator}}',
    '{{caseNumber',
    '{caseNumber}',
    '｛｛caseNumber｝｝',
    '{{#if next}}沒有結尾',
    '{{#if next}}甲{{/each}}',
    '{{/if}}',
    '{{else}}',
    'caseNumber}}',
  ])('%s', (body) => {
    expect(problemOf(body)).toMatch(/^內文第 2 行第 \d+ 個字：/u);
    // Words that were accepted by an earlier release are no more trusted: the original ones go out.
    const mail = write('acknowledgement', body);
    expect(mail.insteadOfOwn).toContain('第 2 行');
    expect(mail.html).toBe(renderer.render('acknowledgement', readSample('acknowledgement')).html);
  });

  it('tells the place as people count, and what can be written there', () => {
    const problem = problemOf('𠮷您的案號是 {{caseNumbr}}。');
    expect(problem).toContain('內文第 2 行第 10 個字：沒有「caseNumbr」這個資料。');
    expect(problem).toContain('「收件通知」可用的資料：{{caseNumber}} 案號、{{maskedName}} 遮蔽的姓名、');
    expect(problemOf('{{#each forms}}\n  {{caseNumber}}{{/each}}', 'announcement')).toBe(
      '內文第 3 行第 5 個字：{{#each …}} 裡沒有「caseNumber」這個資料。' +
        '{{#each …}} 裡可用的資料：{{title}} 表單名稱、{{url}} 表單連結、{{window}} 受理期間、{{chineseNumber @index}}。',
    );
    expect(renderer.check('late', { subject: '逾時 {{x}}', body: '' }).problem).toMatch(
      /^主旨第 1 行第 6 個字：/u,
    );
    expect(problemOf('甲\n{{#if next}}\n乙\n{{#each problems}}丙{{/if}}')).toContain(
      '第 5 行第 20 個字：這裡要結尾的是 {{#each problems}}，應寫 {{/each}}，不是 {{/if}}',
    );
  });

  it('names no picture, which words cannot show', () => {
    expect(problemOf('{{chartCid}}', 'daily-digest')).toContain('沒有「chartCid」');
    expect(problemOf('{{nonsense}}', 'daily-digest')).not.toContain('Cid');
  });
});

describe('time and size', () => {
  const nested = `${'{{#each @root}}'.repeat(59)}您好。${'{{/each}}'.repeat(59)}`;

  it('1,419 characters that went through 26^59 turns are refused', () => {
    expect(nested).toHaveLength(1419);
    expect(problemOf(nested)).toContain('@root');
    expect(problemOf(nested.replaceAll('@root', 'problems'))).toContain('沒有「problems」');
  });

  it.each<[string, string]>([
    ['a long text', '字'.repeat(10_001)],
    ['many tags', '{{caseNumber}}'.repeat(301)],
    ['a long tag', `{{${'a.'.repeat(200)}b}}`],
    ['deep nesting', `${'{{#if next}}'.repeat(21)}甲${'{{/if}}'.repeat(21)}`],
    ['a list in a long letter', `{{#each problems}}${'字'.repeat(9000)}{{/each}}`],
  ])('%s is refused', (_name, body) => {
    expect(problemOf(body)).not.toBe('');
  });

  it('no mail is longer than a letter: with data that no trial had the original words go out', () => {
    const body = `{{#each problems}}${'字'.repeat(1000)}{{/each}}`;
    expect(problemOf(body)).toBe('');
    const mail = write('acknowledgement', body, { problems: Array(200).fill('甲') });
    expect(mail.insteadOfOwn).toContain('太長');
    expect(mail.text).toBe(renderer.render('acknowledgement', readSample('acknowledgement')).text);
    const rounds = '{{#each problems}}{{/each}}'.repeat(150);
    const many = write('acknowledgement', rounds, { problems: Array(100_000).fill('甲') });
    expect(many.insteadOfOwn).toContain('太長');
  });

  it('a text of any length is cut to what a mail can show', () => {
    const { text } = renderer.render('rejected', { ...readSample('rejected'), reason: '立'.repeat(49_000) });
    expect(text.length).toBeLessThan(12_000);
    expect(text).toContain('以下省略');
  });

  it('blanks cost no more than other characters', () => {
    const body = `甲{{#each problems}}${' '.repeat(1000)}{{/each}}乙`;
    const started = process.cpuUsage();
    const mail = write('acknowledgement', body, { problems: Array(45).fill('甲') });
    const { user, system } = process.cpuUsage(started);
    expect(mail.insteadOfOwn).toBeNull();
    // One expression for the blanks at line ends took more than 2 seconds.
    expect((user + system) / 1e6).toBeLessThan(0.7);
  });
});
