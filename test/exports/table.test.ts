import { read } from 'hucre';
import { describe, expect, it } from 'vitest';
import { exportTable, inert } from '../../sync-service/src/exports/table.ts';

const ACTIVE = ['=1+1', '＝1+1', '+cmd', '＋1', '-cmd', '－1', '@SUM(A1)', '＠A1', '\t=1', '\n=1', '\r\n=1'];
const INACTIVE = ['王小明', '-5', '+886912', '3.14', "'=1", '<b>&"\'', '撒韵·武荖', ''];

describe('what no spreadsheet may evaluate', () => {
  it.each(ACTIVE)('%j is escaped', (text) => {
    expect(inert(text)).toBe(`'${text.replace('\r\n', '\n')}`);
  });
  it.each(INACTIVE)('%j stays as it is', (text) => expect(inert(text)).toBe(text));
  it('numbers stay numbers', () => expect([inert(-3.5), inert(105)]).toEqual([-3.5, 105]));
  it('control characters and half characters go', () => {
    expect(inert('a\u0000b\u001fc\ud800')).toBe('abc\ufffd');
  });
});

describe.each(['ods', 'xlsx'] as const)('a table as .%s', (format) => {
  it('holds every cell as text, escaped, and reads back', async () => {
    const rows = [...ACTIVE, ...INACTIVE.slice(0, -1)].map((text, index) => [index, text]);
    const { sheets } = await read(await exportTable(format, '名冊', ['編號', '值'], rows));
    const cells = sheets[0]?.rows ?? [];
    expect(cells).toHaveLength(rows.length + 1);
    for (const [index, row] of cells.slice(1).entries()) {
      expect(row[0]).toBe(index);
      expect(typeof row[1]).toBe('string');
      expect(String(row[1])).not.toMatch(/^[=+\-@＝＋－＠](?!\d)/u);
    }
  });
});

describe.each(['ods', 'xlsx'] as const)('a table as .%s with what XML cannot say', (format) => {
  it('opens: the characters go and nothing else', async () => {
    const { sheets } = await read(
      await exportTable(format, '名\uffff冊', ['值'], [['王\uffff小\u0000明\ufffe'], ['甲'.repeat(40_000)]]),
    );
    const [, name, long] = (sheets[0]?.rows ?? []).map((row) => String(row[0]));
    expect(name).toBe('王小明');
    expect(sheets[0]?.name).toBe('名冊');
    // More would make Excel call the whole file damaged.
    expect(long?.length).toBeLessThan(32_768);
    expect(long).toContain('過長');
  });
});

describe('a table as .csv', () => {
  it('begins with a byte order mark, so that Excel reads Chinese, and quotes what needs it', async () => {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
      await exportTable('csv', '名冊', ['編號', '值'], [[1, '甲,"乙"\n丙']]),
    );
    expect(text).toBe('\ufeff編號,值\r\n1,"甲,""乙""\n丙"\r\n');
  });
});
