import { readValues, writeValue } from '../ledger/key-values.ts';
import type { Store } from '../ledger/store.ts';
import type { ManagedTab } from './registry.ts';

/** Which layout each tab was brought to last, by role and tab. */
export type KnownLayouts = Map<string, number>;

const PREFIX = 'layout/';
const nameOf = (role: string, { key }: Pick<ManagedTab, 'key'>) => `${PREFIX}${role}/${key}`;

export async function readLayouts({ db }: Pick<Store, 'db'>): Promise<KnownLayouts> {
  const values = await readValues(db, PREFIX);
  return new Map([...values].map(([name, layout]) => [name, Number(layout)]));
}

/** Version 0.1 noted no layout, so a tab without a number has layout 1. */
export function layoutOf(known: KnownLayouts, role: string, managed: ManagedTab): number {
  return known.get(nameOf(role, managed)) ?? 1;
}

export async function rememberLayout(
  { db }: Pick<Store, 'db'>,
  known: KnownLayouts,
  role: string,
  managed: ManagedTab,
): Promise<void> {
  if (layoutOf(known, role, managed) === managed.spec.layout) return;
  await writeValue(db, nameOf(role, managed), String(managed.spec.layout));
  known.set(nameOf(role, managed), managed.spec.layout);
}
