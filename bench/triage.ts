import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readResponses } from '../sync-service/src/cli/files/responses.ts';
import { triageRows } from '../sync-service/src/cli/output/dry-run.ts';
import { loadProgram } from '../sync-service/src/program/load.ts';

/**
 * CPU seconds of a dry run over N rows made from the sample, beside reading the same CSV alone in the same run.
 *   node bench/triage.ts [rows] → one line of JSON; ends with 1 where the bar is missed.
 */
const BAR_SECONDS_PER_ROW = 6 / 20_000;
const SAMPLE = 'test/fixtures/responses-sample';
const count = Number(process.argv[2] ?? 20_000);

const folder = mkdtempSync(join(tmpdir(), 'budeng-bench-'));
try {
  writeRows(folder, count);
  const program = await loadProgram('programs/tainan-109.yaml');
  const floor = await cpuSeconds(() => readAlone(folder));
  let outcomes: Record<string, number> = {};
  const triage = await cpuSeconds(async () => {
    outcomes = {};
    for (const { line } of triageRows(program, await readResponses(program, folder)))
      outcomes[line.outcome] = (outcomes[line.outcome] ?? 0) + 1;
  });
  const rows = Object.values(outcomes).reduce((sum, n) => sum + n, 0);
  const bar = BAR_SECONDS_PER_ROW * rows;
  const result = {
    bench: 'triage',
    rows,
    cpuSeconds: round(triage),
    parseOnlyCpuSeconds: round(floor),
    ratio: round(triage / floor),
    barCpuSeconds: round(bar),
    ok: triage <= bar,
    outcomes,
  };
  console.log(JSON.stringify(result));
  if (!result.ok) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

function readAlone(from: string) {
  for (const name of readdirSync(from)) parse(readFileSync(join(from, name), 'utf8'), { bom: true });
}

async function cpuSeconds(run: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The sample's rows again and again, each time other people with other numbers, and one in ten repeated as it is. */
function writeRows(to: string, total: number) {
  const files = readdirSync(SAMPLE)
    .filter((name) => name.endsWith('.csv'))
    .map((name) => ({
      name,
      rows: parse(readFileSync(join(SAMPLE, name), 'utf8'), { bom: true }),
    }));
  const sampled = files.reduce((sum, { rows }) => sum + rows.length - 1, 0);
  const out = files.map(({ name, rows }) => ({ name, lines: [rows[0] ?? []] }));
  let made = 0;
  for (let round = 0; made < total; round += 1)
    for (const [i, { rows }] of files.entries())
      for (const row of rows.slice(1)) {
        if (made === total) break;
        out[i]?.lines.push(made % 10 === 0 ? row : otherPerson(rows[0] ?? [], row, round));
        made += 1;
      }
  if (sampled === 0) throw new Error(`no rows in ${SAMPLE}`);
  for (const { name, lines } of out) writeFileSync(join(to, name), lines.map(csvLine).join(''));
}

function otherPerson(header: string[], row: string[], round: number): string[] {
  const name = header.indexOf('姓名');
  const number = header.indexOf('證書字號');
  return row.map((cell, i) => {
    if (i === name && cell.trim()) return `${cell.trim()}${String.fromCodePoint(0x4e00 + (round % 5000))}`;
    if (i === number) return cell.replace(/\d{4}(?=[A-Z]?號)/u, String(1000 + (round % 9000)));
    return cell;
  });
}

function csvLine(row: string[]): string {
  return `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
}
