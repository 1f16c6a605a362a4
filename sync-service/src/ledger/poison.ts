/** SQLSTATE classes of data that cannot be stored: data exception, integrity violation, beyond a limit. */
const BAD_DATA = /^(?:22|23|54)[0-9A-Z]{3}$/u;

/**
 * Whether an error is the fault of the one thing being worked on, so that it is set aside and the rest goes on. A
 * store that is away or full, or a process that ends, is nobody's poison: everything waits for it.
 */
export function isRowFault(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return true;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && BAD_DATA.test(code);
}
