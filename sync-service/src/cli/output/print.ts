/** What a command was asked for, a line each. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The same as one JSON value, for programs. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}
