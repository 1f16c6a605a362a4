import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'budeng-journal-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const journal = () => join(folder, 'journal.jsonl');

interface Started {
  url: string;
  /** What it said instead of starting. */
  said: string;
  child: ChildProcess;
}

/** The emulator as people run it, in a process of its own; `blocks` of half a kilobyte is all a file may grow to. */
async function start(blocks?: number): Promise<Started> {
  const limit = blocks === undefined ? '' : `ulimit -f ${blocks}; `;
  const command = `${limit}exec "${process.execPath}" emulator/src/main.ts --port 0 --auth open --data "${folder}"`;
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let said = '';
  const ready = new Promise<string>((resolve) => {
    const read = (chunk: Buffer) => {
      said += chunk.toString();
      const url = /ready (\S+)/u.exec(said)?.[1];
      if (url) resolve(url);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', () => resolve(''));
  });
  return { url: await ready, said, child };
}

const stop = async ({ child }: Started, signal: NodeJS.Signals) => {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
};
const create = (url: string, name: string) =>
  fetch(`${url}/drive/v3/files`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
const names = async (url: string) => {
  const response = await fetch(`${url}/drive/v3/files?pageSize=1000&orderBy=name`);
  const { files } = (await response.json()) as { files: { name: string }[] };
  return files.map(({ name }) => name);
};

describe('the journal', () => {
  it('loses nothing that was answered to kill -9, and drops a torn last line, also within a sign', async () => {
    const first = await start();
    for (const name of ['一', '二']) expect((await create(first.url, name)).status).toBe(200);
    await stop(first, 'SIGKILL');
    const whole = statSync(journal()).size;
    appendFileSync(journal(), Buffer.from('{"kind":"drive.put","payload":{"name":"三').subarray(0, -1));
    const second = await start();
    expect(await names(second.url)).toEqual(['一', '二']);
    expect(statSync(journal()).size).toBe(whole);
    expect((await create(second.url, '四')).status).toBe(200);
    await stop(second, 'SIGTERM');
    expect(await names((await start()).url)).toEqual(['一', '二', '四']);
  });

  it('is held by one emulator at a time, and by none that was killed', async () => {
    const first = await start();
    const second = await start();
    expect(second.url).toBe('');
    expect(second.said).toContain(`the emulator's data is held by process ${first.child.pid}`);
    await stop(first, 'SIGKILL');
    // Another process that got the number of the killed one holds nothing.
    writeFileSync(join(folder, 'emulator.lock'), `${process.pid} 1`);
    expect((await start()).url).not.toBe('');
  });

  it('stops answering where the disk is full, and gives back what was acknowledged once there is room', async () => {
    const full = await start(16);
    const kept: string[] = [];
    let status = 200;
    for (let i = 100; status === 200; i += 1) {
      ({ status } = await create(full.url, `${i}`));
      if (status === 200) kept.push(`${i}`);
    }
    expect(kept.length).toBeGreaterThan(3);
    expect(status).toBe(500);
    const read = await fetch(`${full.url}/drive/v3/files`);
    expect(read.status).toBe(500);
    expect(await read.text()).toContain('the journal cannot be written');
    await stop(full, 'SIGTERM');
    expect(readFileSync(journal(), 'utf8').endsWith('\n')).toBe(true);
    const roomy = await start();
    expect(await names(roomy.url)).toEqual(kept);
    expect((await create(roomy.url, '999')).status).toBe(200);
  });

  it('says which line is damaged, and does not start over it', async () => {
    writeFileSync(journal(), 'not json\n{"kind":"drive.delete","payload":{"id":"x"}}\n');
    const damaged = await start();
    expect(damaged.url).toBe('');
    expect(damaged.said).toContain(`${journal()} line 1 is damaged`);
  });
});
