/** A part of the page that its HTML always holds. */
export function find<E extends HTMLElement>(selector: string, kind: new () => E): E {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}

/** Hears of an event of the grid by what it tells. */
export function onGrid<T>(grid: HTMLElement, name: string, work: (detail: T, event: Event) => void): void {
  grid.addEventListener(name, (event) => {
    if (event instanceof CustomEvent) work(event.detail, event);
  });
}
