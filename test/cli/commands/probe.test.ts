import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../contract/clock.ts';
import type { Fault } from '../../../emulator/src/faults.ts';
import { type Switches, SWITCHES } from '../../../emulator/src/switches.ts';
import { QUESTIONS } from '../../../sync-service/src/cli/probe/questions.ts';
import type { ProbeResult } from '../../../sync-service/src/cli/commands/probe.ts';
import {
  type LocalGoogle,
  localCredential,
  type LocalGoogleOptions,
  startLocalGoogle,
} from '../../../sync-service/src/cli/trial/google-local.ts';
import { officeLinks } from '../../../sync-service/src/cli/trial/office-links.ts';
import { loadProgram } from '../../../sync-service/src/program/load.ts';

const program = await loadProgram('programs/tainan-109.yaml');
const run = promisify(execFile);
let google: LocalGoogle;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'budeng-probe-'));
});
afterEach(async () => {
  await google.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = async (options: Partial<LocalGoogleOptions> = {}) => {
  google = await startLocalGoogle({
    clock: systemClock,
    port: 0,
    smtpPort: 0,
    links: () => officeLinks(program, null, systemClock),
    ...options,
  });
};

/** `budeng probe` as the operator runs it. */
async function probe(): Promise<{ code: number; printed: string; result: ProbeResult }> {
  const credentials = join(folder, 'google-credential.json');
  writeFileSync(credentials, JSON.stringify(localCredential()));
  const out = join(folder, 'answers.json');
  const env = {
    PATH: process.env.PATH,
    GOOGLE_ROOT_URL: google.emulator.url,
    GOOGLE_CREDENTIALS: credentials,
  };
  const { code, printed } = await run(
    process.execPath,
    ['sync-service/src/cli/main.ts', 'probe', '--out', out],
    { env },
  ).then(
    ({ stdout }) => ({ code: 0, printed: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, printed: error.stdout }),
  );
  return { code, printed, result: JSON.parse(readFileSync(out, 'utf8')) as ProbeResult };
}

const fileCount = () => google.emulator.drive.list(undefined).files?.length ?? 0;
/** Those that it asks about; who edits is told to a simple trigger only, which runs in a person's browser. */
const names = (Object.keys(SWITCHES) as (keyof Switches)[]).filter((name) =>
  QUESTIONS.some(({ key }) => key === name),
);
const positions = names.flatMap((name) =>
  SWITCHES[name].map((position): [keyof Switches, string] => [name, position]),
);

describe('budeng probe', () => {
  it.each(positions)('finds out that %s is %s, and leaves no file behind', async (name, position) => {
    await open({ switches: { [name]: position } });
    const { code, printed, result } = await probe();
    expect(result.answers.filter(({ answer }) => answer === null)).toEqual([]);
    expect(result.answers).toHaveLength(QUESTIONS.length);
    expect(result.switches[name]).toBe(position);
    expect(result.left).toEqual([]);
    expect(fileCount()).toBe(0);
    expect(code, printed).toBe(0);
  });

  it('says what could not be asked, and asks everything else', async () => {
    let broken = false;
    const googleFault = ({ path }: { path: string }): Fault | null =>
      broken && path.includes('/forms') ? 'permission-denied' : null;
    await open({ googleFault });
    broken = true;
    const { code, result } = await probe();
    const missed = result.answers.filter(({ answer }) => answer === null);
    expect(missed.map(({ key }) => key)).toEqual(['formTitle', 'newForm', 'fileQuestion', 'responders']);
    expect(missed[0]?.why).toContain('這個帳號沒有權限');
    expect(code).toBe(1);
    expect(fileCount()).toBe(0);
  });
});
