import { expect, it } from 'vitest';
import { openStage } from '../../stage/stage.ts';

it('opens each spreadsheet for whoever usually sits before it, with the banner of the tour above', async () => {
  const stage = await openStage();
  try {
    for (const role of ['office', ...stage.program.queues.map(({ key }) => key)]) {
      const { spreadsheetId } = stage.documentOf(role);
      const page = await fetch(`${stage.google.emulator.url}/spreadsheets/d/${spreadsheetId}/edit`);
      expect([role, page.status]).toEqual([role, 200]);
    }
  } finally {
    await stage.close();
  }
});
