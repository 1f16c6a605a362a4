/** Tells the person at the keyboard something that stops nothing. It does not mix with what a command prints. */
export function remark(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
