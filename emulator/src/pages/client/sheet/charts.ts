import { find } from './elements.ts';
import type { SheetChart } from '../../sheet/charts.ts';
import { make } from './dialog.ts';

const holder = find('#charts', HTMLElement);
const COLOURS = ['#1f6f5c', '#b35900', '#0b5394'];

/** Draws the tab's charts as bars of plain boxes, each with its number, so that they read without colours too. */
export function showCharts(charts: readonly SheetChart[]): void {
  holder.hidden = charts.length === 0;
  holder.replaceChildren(...charts.map(figure));
}

function figure(chart: SheetChart): HTMLElement {
  const most = Math.max(1, ...chart.series.flatMap(({ values }) => values));
  const lines = chart.labels.map((label, at) => {
    const bars = chart.series.map(({ name, values }, index) => {
      const value = values[at] ?? 0;
      const bar = make('span', { className: 'chart-bar', title: name });
      bar.style.width = `${(value / most) * 100}%`;
      bar.style.background = COLOURS[index % COLOURS.length] ?? '';
      const said = name ? `${name} ${value}` : String(value);
      return make('span', { className: 'chart-line' }, bar, make('span', { textContent: said }));
    });
    return make('li', {}, make('span', { textContent: label }), ...bars);
  });
  return make(
    'figure',
    { className: 'card', ariaLabel: chart.title },
    make('figcaption', { textContent: chart.title }),
    make('ul', { className: 'chart' }, ...lines),
  );
}
