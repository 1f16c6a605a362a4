import { describe, expect, it } from 'vitest';
import { createRenderer, readSample, TemplateError } from '../../sync-service/src/notices/render.ts';
import { NOTICE_KINDS } from '../../sync-service/src/notices/types.ts';

const renderer = createRenderer();

describe('every notice renders its sample', () => {
  it.each(NOTICE_KINDS)('%s', async (kind) => {
    const { subject, text, html } = renderer.render(kind, readSample(kind));
    // For people to read: the whole mail as it leaves.
    await expect(`主旨：${subject}\n\n${text}`).toMatchFileSnapshot(`snapshots/${kind}.txt`);
    expect(subject).not.toMatch(/[\r\n]|undefined|null/u);
    expect(`${text}${html}`).not.toMatch(/undefined|\[object|\{\{/u);
    expect(html).toContain('lang="zh-Hant-TW"');
    // Styles are written into the elements; no image is needed to read it.
    expect(html).not.toMatch(/<style|class="card">/u);
  });
});

describe('what a teacher typed', () => {
  const hostile = '<img src=x onerror=alert(1)>{{secret}}"\'\r\nBcc: other@example.com';
  const data = { ...readSample('rejected'), reason: hostile, maskedName: hostile };

  it('is encoded in HTML and never rendered again', () => {
    const { html, text } = renderer.render('rejected', data);
    expect(html).not.toContain('<img src=x');
    expect(html).toContain('{{secret}}');
    expect(text).toContain('<img src=x onerror=alert(1)>{{secret}}');
  });

  it.each([
    hostile,
    '\u202eevil\u2066\u200f',
    `長${'長'.repeat(500)}`,
    '👩‍🏫\u2028老師',
    '\u0000\u0007',
  ])('cannot break out of the subject, turn it round or fill it: %j', (typed) => {
    const { subject } = renderer.render('duplicate', { ...readSample('duplicate'), earlierCase: typed });
    expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
    expect([...subject].length).toBeLessThanOrEqual(150);
    expect(subject).toMatch(/^【TN109-000123】您已填報過/u);
  });

  it('tells the office nothing of masked names where there are none', () => {
    expect(renderer.render('batch-ready', readSample('batch-ready')).text).not.toContain('姓名已遮蔽');
    expect(renderer.render('rejected', readSample('rejected')).text).toContain('姓名已遮蔽');
  });
});

describe("the office's own words", () => {
  const words = {
    subject: '【{{caseNumber}}】收到了',
    body: '{{maskedName}}老師好：\n\n案號 {{caseNumber}}。\n{{trackingUrl}}\n\n{{> facts-text}}',
  };

  it('take the place of the original ones, in text and HTML, and go again', () => {
    const original = createRenderer();
    original.check('acknowledgement', words);
    const own = original.withWordings(new Map([['acknowledgement', words]]));
    const rendered = own.render('acknowledgement', readSample('acknowledgement'));
    expect(rendered.subject).toBe('【TN109-000123】收到了');
    expect(rendered.text).toContain('王○○老師好');
    expect(rendered.html).toContain('<a href="https://budeng.invalid/t/EXAMPLE" style="color: inherit;">');
    expect(rendered.html).toContain('<table');
    expect(original.render('acknowledgement', readSample('acknowledgement')).subject).toContain(
      '已收到您的填報',
    );
  });

  it('are refused where they name something unknown or do not close a block', () => {
    expect(() => renderer.check('acknowledgement', { ...words, body: '{{nonsense}}' })).toThrow(
      TemplateError,
    );
    expect(() => renderer.check('acknowledgement', { ...words, body: '{{#if next}}沒有結尾' })).toThrow(
      TemplateError,
    );
    expect(() => renderer.check('acknowledgement', { ...words, subject: ' ' })).toThrow(TemplateError);
  });

  it('are text, also where they look like HTML, and never take the escape from what somebody typed', () => {
    const original = createRenderer();
    const body = '{{maskedName}}老師：<script>alert(1)</script> A&B < C';
    original.check('acknowledgement', { ...words, body });
    const own = original.withWordings(new Map([['acknowledgement', { ...words, body }]]));
    const { html, text } = own.render('acknowledgement', readSample('acknowledgement'));
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script');
    expect(text).toContain('<script>alert(1)</script> A&B < C');
    for (const variable of ['{{{maskedName}}}', '{{&maskedName}}', '{{~{maskedName}}}'])
      expect(() => own.check('acknowledgement', { ...words, body: variable })).toThrow('兩層大括號');
  });

  it('begin as the words that come with the software', () => {
    for (const kind of NOTICE_KINDS) {
      const original = renderer.original(kind);
      expect(original.body).not.toContain('layout-text');
      expect(() => renderer.check(kind, original)).not.toThrow();
    }
  });
});
