import { describe, expect, it } from 'vitest';
import {
  fillLetter,
  LETTER_VARIABLES,
  letterWords,
  namesNothing,
} from '../../sync-service/src/cases/letter.ts';

describe('the words of a letter', () => {
  it('are filled in, once: what is filled in names nothing', () => {
    expect(fillLetter('{{program}}第{{ nth }}批', { program: '補登{{count}}', nth: '2', count: '9' })).toBe(
      '補登{{count}}第2批',
    );
  });

  it('are left out where they name what this letter does not have', () => {
    expect(namesNothing('請填於待審清單（{{queue}}）。', { queue: '' })).toBe(true);
    expect(namesNothing('請填於待審清單（{{queue}}）。', { queue: '平臺' })).toBe(false);
    expect(namesNothing('請惠予審核。', {})).toBe(false);
  });

  it('may name every variable of the list, and nothing else', () => {
    for (const name of Object.keys(LETTER_VARIABLES))
      expect(letterWords().safeParse(`甲{{${name}}}乙`).success).toBe(true);
    for (const wrong of [
      '{{constructor}}',
      '{{}}',
      '{{count}',
      '{{count}}}}',
      '{{{count}}}',
      '{{#if count}}',
    ])
      expect(letterWords().safeParse(wrong).success, wrong).toBe(false);
  });
});
