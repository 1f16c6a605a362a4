import { LEVELS } from '../../cases/types.ts';
import type { Case } from '../transition.ts';

export const ROSTER_HEADER = ['編號', '案號', '姓名', '服務學校', '類別', '取得學年度', '證書字號'];

/** Full names: the roster goes to the body that registers. */
export function rosterRows(members: readonly Case[]): (string | number)[][] {
  return members.map(({ number, facts }, index) => [
    index + 1,
    number,
    facts.name ?? '',
    facts.school?.name ?? '',
    facts.level ? LEVELS[facts.level] : '',
    facts.schoolYear ?? '',
    facts.certificateNumber ?? '',
  ]);
}
