import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sinceOf } from '../../contract/tabs.ts';
import { layoutNow, LAYOUTS_FILE, MANAGED_TABS, type RecordedLayouts } from '../../scripts/layouts.ts';

const recorded: RecordedLayouts = JSON.parse(readFileSync(LAYOUTS_FILE, 'utf8'));

describe.each(MANAGED_TABS.map((tab) => [tab.spec.title, tab] as const))('the layout of %s', (title, tab) => {
  const { spec } = tab;
  const layouts = recorded[title] ?? {};

  it('is the one recorded under its number: who changes a column or a rule raises `layout`', () => {
    expect(layoutNow(tab)).toEqual(layouts[spec.layout]);
    expect(Object.keys(layouts)).toEqual(Array.from({ length: spec.layout }, (_, nth) => String(nth + 1)));
  });

  it('says of each column with which layout it came or last changed', () => {
    for (const key of Object.keys(spec.columns)) {
      const said = Object.keys(layouts).map((layout) => JSON.stringify(layouts[layout]?.columns[key]));
      const last = said.findLastIndex((text, nth) => text !== said[nth - 1]) + 1;
      expect([key, sinceOf(spec, key)]).toEqual([key, last]);
    }
  });
});
