import { describe, expect, it } from 'vitest';
import { coverageWarnings } from '../../sync-service/src/program/coverage.ts';
import { ProgramError } from '../../sync-service/src/program/error.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { tainan } from '../cases/helpers.ts';

const INPUTS = 'test/fixtures/inputs';

describe('answers that no route names', () => {
  it('are a gap of the file: left blank, or another one than the options offer', async () => {
    await expect(loadProgram(`${INPUTS}/blank-answer.yaml`)).rejects.toThrow(ProgramError);
    await expect(loadProgram(`${INPUTS}/blank-answer.yaml`)).rejects.toThrow(/kind （其他）: no route/u);
  });
});

describe('entries received outside the windows', () => {
  it('are told, and do not keep the file from loading', async () => {
    const program = await loadProgram(`${INPUTS}/rounds-exact.yaml`);
    const warnings = coverageWarnings(program);
    expect(warnings.join('\n')).toContain('submitted 2024-04-15: no route');
    expect(warnings.join('\n')).not.toContain('submitted 2024-03-01');
  });

  it('need no words where a last route without conditions takes them', async () => {
    const program = await loadProgram(`${INPUTS}/rounds-exact.yaml`);
    const rest = { key: 'rest', when: {}, form: null, stages: ['one'], next: '' };
    expect(coverageWarnings({ ...program, routes: [...program.routes, rest] })).toEqual([]);
    expect(coverageWarnings(tainan)).toEqual([]);
  });
});
