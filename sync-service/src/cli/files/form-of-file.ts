import { extname } from 'node:path';
import { squeeze } from '../../cases/reading/text.ts';

/**
 * What stands behind a form's title in the names of downloads: `(回應) - 表單回應 1` of a sheet, `(Responses)` of a
 * workbook, `(1)` of the second download of one file.
 */
const DOWNLOAD = /^(?:回應|responses)?(?:表單回應|回覆表單|formresponses|工作表|sheet)?\d*$/u;

/** Compares letters and digits only, since systems replace marks that no file name may have. */
function nameKey(name: string): string {
  return squeeze(name)
    .toLowerCase()
    .replaceAll('台', '臺')
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** The form whose export bears this file name, by its key or by its title. */
export function formOfFile<Form extends { key: string; title: string }>(
  file: string,
  forms: readonly Form[],
): Form | undefined {
  const stem = nameKey(file.slice(0, file.length - extname(file).length));
  const rest = (name: string) => (stem.startsWith(name) ? stem.slice(name.length) : null);
  const longestFirst = forms.toSorted((a, b) => b.title.length - a.title.length);
  const byTitle = longestFirst.find(({ title }) => DOWNLOAD.test(rest(nameKey(title)) ?? '-'));
  return byTitle ?? forms.find(({ key }) => rest(nameKey(key)) === '') ?? byNumberedKey(file, forms);
}

/** Takes the number off `initial (1).csv`, but not off a form's key that ends in one. */
function byNumberedKey<Form extends { key: string }>(file: string, forms: readonly Form[]): Form | undefined {
  const [, stem = ''] = /^(.+)\(\d+\)\.[^.]+$/u.exec(file) ?? [];
  return forms.find(({ key }) => nameKey(key) === nameKey(stem));
}
