interface Grid {
  sheetId?: number | null;
  startRowIndex?: number | null;
  endRowIndex?: number | null;
  startColumnIndex?: number | null;
  endColumnIndex?: number | null;
}

interface Answer<R> {
  valueRange?: R;
  dataFilters?: { gridRange?: Grid }[] | null;
}

/** Zeros may be left out, in the question as in its echo. */
function isSame(one: Grid, other: Grid): boolean {
  return (
    (one.sheetId ?? 0) === (other.sheetId ?? 0) &&
    (one.startRowIndex ?? 0) === (other.startRowIndex ?? 0) &&
    (one.startColumnIndex ?? 0) === (other.startColumnIndex ?? 0) &&
    (one.endRowIndex ?? null) === (other.endRowIndex ?? null) &&
    (one.endColumnIndex ?? null) === (other.endColumnIndex ?? null)
  );
}

/**
 * Finds what `values.batchGetByDataFilter` answered about a part of a spreadsheet. Answers come in any order: taken by
 * their place, one tab's rows would be read as another's.
 */
export function answerTo<R extends object>(
  answers: readonly Answer<R>[] | null | undefined,
  grid: Grid,
): R | Record<string, never> {
  const found = answers?.find(({ dataFilters }) =>
    dataFilters?.some(({ gridRange }) => gridRange && isSame(gridRange, grid)),
  );
  return found?.valueRange ?? {};
}
