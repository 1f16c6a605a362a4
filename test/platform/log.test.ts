import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../sync-service/src/platform/log.ts';
import { PublicError } from '../../contract/public-error.ts';

/** What the log holds of an error. */
function logged(error: unknown): Record<string, unknown> {
  let line = '';
  createLog('error', { write: (text) => void (line += text) }).error({ err: error }, 'it failed');
  return JSON.parse(line).err;
}

const caught = (work: () => Promise<unknown>) =>
  work().then(
    () => null,
    (error: unknown) => error,
  );

describe('of an error the log holds', () => {
  it('what the system says of a path or a machine', async () => {
    const error = await caught(() => readFile('/nowhere/at/all'));
    expect(logged(error)).toMatchObject({
      type: 'Error',
      code: 'ENOENT',
      message: expect.stringContaining('/nowhere/at/all'),
    });
  });

  it('the English of one that is meant for people', () => {
    class LostTab extends PublicError {}
    const said = { sentence: '王小明的工作表不見了。', remedy: '請還原。', english: 'A tab is lost.' };
    expect(logged(new LostTab(said))).toMatchObject({ type: 'LostTab', message: 'A tab is lost.' });
  });

  it.each([
    ['a mail library', 'EENVELOPE', "Can't send mail - all recipients were rejected: 550 <wang@example.com>"],
    ['the database', '23505', 'Key (name)=(wang@example.com) already exists.'],
    ['a parser', undefined, 'wang@example.com is not JSON'],
  ])('no words of %s: they quote what a person typed', (_whose, code, message) => {
    const held = logged(Object.assign(new Error(message), code === undefined ? {} : { code }));
    expect(JSON.stringify(held)).not.toContain('wang');
    expect(held).toMatchObject({ type: 'Error', ...(code === undefined ? {} : { code }) });
  });
});
