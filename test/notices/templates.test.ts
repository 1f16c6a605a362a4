import { describe, expect, it } from 'vitest';
import { bareData } from './bare.ts';
import { createRenderer, readSample } from '../../sync-service/src/notices/render.ts';
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

describe('every notice renders', () => {
  it.each(NOTICE_KINDS)('with every nullable field null and every list empty: %s', (kind) => {
    const { subject, text, html } = renderer.render(kind, bareData(kind));
    expect(subject).not.toBe('');
    expect(`${subject}${text}${html}`).not.toMatch(/undefined|null|\[object|\{\{/u);
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

  it('is encoded in a part that text and HTML share', () => {
    const { html } = renderer.render('acknowledgement', {
      ...readSample('acknowledgement'),
      discouragedDomain: hostile,
    });
    expect(html).toContain('您填的信箱屬於 &lt;img');
    expect(html).not.toContain('<img src');
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
