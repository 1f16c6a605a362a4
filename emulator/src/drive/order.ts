import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import { invalidValue } from './error.ts';
import { FOLDER_TYPE } from './file.ts';

type File = drive_v3.Schema$File;
type Compare = (a: File, b: File) => number;

const byText = (field: 'name' | 'createdTime' | 'modifiedTime' | 'viewedByMeTime') => (a: File, b: File) =>
  (a[field] ?? '').localeCompare(b[field] ?? '', 'en');
const natural = new Intl.Collator('en', { numeric: true });

const KEYS: Record<string, Compare> = {
  name: byText('name'),
  name_natural: (a, b) => natural.compare(a.name ?? '', b.name ?? ''),
  createdTime: byText('createdTime'),
  modifiedTime: byText('modifiedTime'),
  modifiedByMeTime: byText('modifiedTime'),
  viewedByMeTime: byText('viewedByMeTime'),
  // The latest comes first without `desc` too.
  recency: (a, b) => byText('modifiedTime')(b, a),
  sharedWithMeTime: () => 0,
  starred: (a, b) => Number(b.starred) - Number(a.starred),
  quotaBytesUsed: (a, b) => Number(a.quotaBytesUsed) - Number(b.quotaBytesUsed),
  folder: (a, b) => Number(b.mimeType === FOLDER_TYPE) - Number(a.mimeType === FOLDER_TYPE),
};

/** Reads an order such as `folder,modifiedTime desc,name`. */
export function parseOrder(orderBy: string): Compare {
  const compares = orderBy.split(',').map((part): Compare => {
    const [key = '', direction, ...rest] = part.trim().split(/\s+/u);
    const compare = KEYS[key];
    if (!compare || rest.length > 0 || (direction && direction !== 'desc')) throw invalidValue('orderBy');
    return direction ? (a, b) => compare(b, a) : compare;
  });
  return (a, b) => compares.reduce((result, compare) => result || compare(a, b), 0);
}
