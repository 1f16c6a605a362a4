import { describe, expect, it } from 'vitest';
import { answersText } from '../../sync-service/src/casework/history.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';

const FORM = 'advanced-mentor-106-107';

describe('what a teacher answered, beside the case', () => {
  it('stands in a line a question, whatever lines were typed', async () => {
    const program = await loadProgram('programs/tainan-109.yaml');
    const answers = { name: ' 王小明 ', school: '大同國小\r\n\n  附設幼兒園\n' };
    const lines = answersText(program, { form: FORM, answers }).split('\n');
    expect(lines.map((line) => line.split('：').at(-1))).toEqual(['王小明', '大同國小；附設幼兒園']);
  });

  it('is made at once, however many blanks were typed', async () => {
    const program = await loadProgram('programs/tainan-109.yaml');
    const answers = { name: `王${' '.repeat(49_000)}明` };
    const began = performance.now();
    expect(answersText(program, { form: FORM, answers })).toContain('明');
    expect(performance.now() - began).toBeLessThan(200);
  });
});
