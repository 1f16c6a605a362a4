import { expect, it } from 'vitest';
import { readRegistered } from '../../../sync-service/src/cli/files/registered-file.ts';
import { testFolder } from '../../tables/files.ts';

const { write } = testFolder();
const ENTRY = { line: 2, name: '王小明', number: '南市教專字第1060000001號', level: '初階' };

it('a list of the registered is read by its certificate numbers; identity numbers are not taken for them', async () => {
  expect(await readRegistered('test/fixtures/inputs/registered-idnumber/registered.csv')).toEqual([ENTRY]);
  const only = write('only.csv', '教師姓名,身分證字號\n王小明,D100000004\n');
  await expect(readRegistered(only)).rejects.toThrow('第 1 列缺少欄位「證書字號」');
});

it('a list of the registered may call the number by another name', async () => {
  for (const title of ['字號', '証書字號', '證書字號（完整）', '專業回饋人才證書字號', '證書編號']) {
    const file = write(
      'other.csv',
      `教師姓名,身分證字號,${title},類別\n王小明,D100000004,${ENTRY.number},初階\n`,
    );
    expect(await readRegistered(file)).toEqual([ENTRY]);
  }
});
