import type { SheetState } from '../../sheet/state.ts';
import type { Value } from './tab-data.ts';

export const CONDITIONS = {
  contains: '包含',
  lacks: '不包含',
  is: '等於',
  blank: '空白',
  filled: '不是空白',
} as const;
export type ConditionKind = keyof typeof CONDITIONS;

export interface Condition {
  kind: ConditionKind;
  text: string;
}

/** Which rows are shown. What a person writes into a shown row does not make it vanish under their hands. */
export function filtering() {
  let conditions = new Map<number, Condition>();
  const touched = new Set<Value>();
  return {
    at: (column: number) => conditions.get(column) ?? null,
    active: () => conditions.size > 0,
    set(column: number, condition: Condition | null) {
      touched.clear();
      if (condition) conditions.set(column, condition);
      else conditions.delete(column);
    },
    only(next: [number, Condition][]) {
      touched.clear();
      conditions = new Map(next);
    },
    touch(id: Value) {
      if (id !== '') touched.add(id);
    },
    rowsOf({ rows }: SheetState) {
      if (conditions.size === 0) return rows;
      return rows.filter(
        ({ cells }) =>
          touched.has(cells[0] ?? '') ||
          [...conditions].every(([column, condition]) => matches(cells[column] ?? '', condition)),
      );
    },
  };
}
export type Filtering = ReturnType<typeof filtering>;

function matches(cell: Value, { kind, text }: Condition): boolean {
  const said = cell === false ? '' : String(cell);
  if (kind === 'blank') return said === '';
  if (kind === 'filled') return said !== '';
  if (kind === 'is') return said === text;
  return said.toLowerCase().includes(text.toLowerCase()) === (kind === 'contains');
}
