import { spawnSync } from 'node:child_process';
import { FOUND } from './found.ts';
import { MUTATIONS } from './mutate.ts';

/** Takes out one guard after another: the harness must fail each time. `npm run -s chaos:mutations [-- NAME…]`. */
const ROUNDS = '200';
const wanted = process.argv.slice(2);
const names = Object.keys(MUTATIONS).filter((name) => wanted.length === 0 || wanted.includes(name));
const survivors: string[] = [];
const broken = findFailure('');
if (broken !== null) {
  process.stderr.write(`with every guard in its place the harness fails: ${broken}\n`);
  process.exit(1);
}
for (const name of names) {
  const began = performance.now();
  const caught = findFailure(name);
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(`${caught ? 'caught  ' : 'SURVIVED'} ${name}　${caught ?? ''}　${seconds} s\n`);
  if (!caught) survivors.push(name);
}
process.exit(survivors.length === 0 ? 0 : 1);

/** The first violation that some history finds without this guard; null where it goes unnoticed. */
function findFailure(name: string): string | null {
  const random = play(name, ['--rounds', ROUNDS]);
  if (random !== null) return random;
  // Rare ones: what random histories found once in thousands.
  for (const [, history] of FOUND) {
    const violation = play(name, ['--history', history]);
    if (violation !== null) return `${violation} (${history})`;
  }
  return null;
}

function play(name: string, histories: string[]): string | null {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', './test/chaos/mutate.ts', 'test/chaos/main.ts', ...histories, '--stop', '--json'],
    { encoding: 'utf8', env: { ...process.env, BUDENG_MUTATION: name } },
  );
  if (status === 0) return null;
  if (!stdout) throw new Error(`${name}: the harness did not run: ${stderr}`);
  const { violations } = JSON.parse(stdout) as { violations: Record<string, number> };
  return Object.entries(violations)
    .filter(([, count]) => count > 0)
    .map(([invariant]) => invariant)
    .join('+');
}
