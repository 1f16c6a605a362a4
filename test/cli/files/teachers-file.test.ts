import { describe, expect, it, vi } from 'vitest';
import { readTeachers } from '../../../sync-service/src/cli/files/teachers-file.ts';
import { testFolder } from '../../tables/files.ts';
import { toBig5 } from '../../tables/big5.ts';

const INPUTS = 'test/fixtures/inputs';
const { write } = testFolder();
const BOTH = [
  { names: ['王小明'], email: 'wang@example.com', holdsCertificate: true, lines: [expect.any(Number)] },
  { names: ['陳大同'], email: 'chen@example.com', holdsCertificate: false, lines: [expect.any(Number)] },
];

describe('a roster of teachers', () => {
  it.each([
    'announce-columns/exact-second.csv',
    'tables/ods-one-row-grouped.ods',
    'tables/ods-header-rows.ods',
    'tables/ods-hidden-first.ods',
    'tables/xlsx-plain.xlsx',
    'encodings/unicode-text-tab.txt',
    'encodings/title-above.csv',
  ])('%s names both, each at the own address', async (file) => {
    expect(await readTeachers(`${INPUTS}/${file}`)).toMatchObject({
      addressees: BOTH,
      wrong: [],
      doubtful: [],
    });
  });

  it.each<[name: string, encode: (text: string) => Uint8Array]>([
    ['big5.csv', toBig5],
    ['utf16.csv', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['semicolons.CSV', (text) => Buffer.from(text.replaceAll(',', ';'))],
    ['sep.csv', (text) => Buffer.from(`sep=|\r\n${text.replaceAll(',', '|')}`)],
  ])('%s does too', async (name, encode) => {
    const text = '姓名,電子郵件,持有證書\r\n王小明,wang@example.com,是\r\n陳大同,chen@example.com,否\r\n';
    expect(await readTeachers(write(name, encode(text)))).toMatchObject({
      addressees: BOTH,
      wrong: [],
      doubtful: [],
    });
  });

  it('with a damaged byte is refused with file and line', async () => {
    await expect(readTeachers(`${INPUTS}/encodings/utf8-one-bad-byte.csv`)).rejects.toThrow(
      /讀不到 .*utf8-one-bad-byte\.csv.*第 4 行/u,
    );
  });

  it('says which columns nobody reads, and writes to no clerk where the teachers have no address', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    try {
      await readTeachers(`${INPUTS}/announce-columns/exact-second.csv`);
      expect(said.mock.calls.join()).toContain('沒有讀入的欄位：「學校」「承辦人電子郵件」');
    } finally {
      said.mockRestore();
    }
    const clerk = write('clerk.csv', '姓名,承辦人電子郵件,持有證書\n王小明,clerk@example.com,是\n');
    await expect(readTeachers(clerk)).rejects.toThrow('第 1 列缺少欄位「電子郵件」');
  });

  it('writes to the usable address and asks about it', async () => {
    const rows = [
      '王小明,王小明 <Wang@example.com>,是',
      '陳大同,chen@gmial.con,否',
      '林一,無,是',
      '吳二,a b@example.com,是',
    ];
    const file = write('doubtful.csv', `姓名,電子郵件,持有證書\n${rows.join('\n')}\n`);
    const { addressees, wrong, doubtful } = await readTeachers(file);
    expect(addressees.map(({ email }) => email)).toEqual(['wang@example.com', 'chen@gmial.con']);
    expect(wrong).toEqual(['第 4 列：電子郵件地址不正確', '第 5 列：電子郵件地址不正確']);
    expect(doubtful).toEqual([
      '第 2 列：電子郵件不是單一的地址，寄到 wang@example.com，請核對',
      '第 3 列：電子郵件 chen@gmial.con 像是打錯字（是不是 gmail.com？），仍會寄出，請核對',
    ]);
  });
});
