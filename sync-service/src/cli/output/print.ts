/** What a command was asked for, a line each. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
