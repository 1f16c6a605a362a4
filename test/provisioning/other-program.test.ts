import { afterEach, expect, it } from 'vitest';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

it('a new key beside open cases of the old one is refused with the numbers, and the old one goes on', async () => {
  stage = await openStage();
  await stage.submit('initial', COMPLETE);
  await stage.settle();
  const before = stage.program;
  await expect(stage.restart((program) => ({ ...program, key: 'tainan-110' }))).rejects.toThrow(
    /「tainan-109」1 件.*「tainan-110」/u,
  );
  await stage.restart(() => before);
  expect(await stage.service.cycle()).not.toBeNull();
});
