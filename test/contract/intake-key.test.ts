import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  digestIn,
  digestOf,
  intakeKey,
  isKeyOf,
  isSameMoment,
  revisionAfter,
  revisionIn,
  timeOf,
} from '../../contract/intake-key.ts';

const sha256 = (ascii: string) => {
  // Apps Script takes other characters by a charset of its own.
  expect(ascii).toMatch(/^[ -~]*$/u);
  return createHash('sha256').update(ascii).digest('hex');
};
const text = fc.string({ unit: 'binary' });
const answers = fc.dictionary(text, text, { noNullPrototype: true });
const said = fc.record({ answers, email: text });
const time = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const name = fc.stringMatching(/^[\w-]{1,20}$/u);

const told = ({ answers: given, email }: { answers: Record<string, string>; email: string }) =>
  JSON.stringify([
    email,
    Object.entries(given)
      .filter(([, value]) => value !== '')
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);

describe('the digest in an intake key', () => {
  it('is the same in whatever order the questions stand, and whatever was left empty', () => {
    fc.assert(
      fc.property(said, text, ({ answers: given, email }, added) => {
        const turned = Object.fromEntries(Object.entries(given).toReversed());
        const more = added in given ? turned : { [added]: '', ...turned };
        expect(digestOf({ answers: more, email }, sha256)).toBe(digestOf({ answers: given, email }, sha256));
      }),
    );
  });

  it('differs where a reviewer would see something else', () => {
    fc.assert(
      fc.property(said, said, (one, other) => {
        fc.pre(told(one) !== told(other));
        expect(digestOf(one, sha256)).not.toBe(digestOf(other, sha256));
      }),
    );
  });

  it('does not let an answer pass for another question, nor a half character for a whole one', () => {
    const digests: Record<string, string>[] = [
      { a: 'b' },
      { b: 'a' },
      { a: 'b,c' },
      { 'a,b': 'c' },
      { a: '\ud83d' },
      { a: '\ud83d\ude00' },
    ];
    const all = digests.map((given) => digestOf({ answers: given, email: '' }, sha256));
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('an intake key', () => {
  it('tells its revision and its digest, and is its own row’s alone', () => {
    fc.assert(
      fc.property(name, name, time, said, fc.nat(3), (form, responseId, at, given, edits) => {
        let revision = at;
        for (let edit = 0; edit < edits; edit += 1) revision = revisionAfter(revision);
        const digest = digestOf(given, sha256);
        const key = intakeKey(form, responseId, revision, digest);
        expect(revisionIn(key, { form, responseId })).toBe(revision);
        expect(digestIn(key)).toBe(digest);
        expect(timeOf(revision)).toBe(at);
        expect(isKeyOf(key, { form, responseId, revision })).toBe(true);
        expect(isKeyOf(intakeKey(form, responseId, revision), { form, responseId, revision })).toBe(true);
        expect(isKeyOf(key, { form, responseId: `${responseId}x`, revision })).toBe(false);
        expect(isKeyOf(key, { form, responseId, revision: revisionAfter(revision) })).toBe(false);
      }),
    );
  });

  it('gives A, B and A again three keys, also where Google tells one time of all', () => {
    fc.assert(
      fc.property(time, said, said, (at, a, b) => {
        const revisions = [at, revisionAfter(at), revisionAfter(revisionAfter(at))];
        const keys = [a, b, a].map((each, index) =>
          intakeKey('f', 'r', revisions[index] ?? '', digestOf(each, sha256)),
        );
        expect(new Set(keys).size).toBe(3);
      }),
    );
  });

  it('stands in the order of sending, sorted as text', () => {
    fc.assert(
      fc.property(time, time, fc.integer({ min: 1, max: 300 }), (one, other, edits) => {
        const chain = [one];
        for (let edit = 0; edit < edits; edit += 1) chain.push(revisionAfter(chain.at(-1) ?? ''));
        expect(chain.toSorted()).toEqual(chain);
        if (other > one) expect(other > (chain.at(-1) ?? '')).toBe(true);
      }),
    );
  });

  it('takes two tellings of one time for one moment', () => {
    const at = '2020-04-21T01:00:00.500Z';
    expect(isSameMoment(at, '2020-04-21T01:00:00.000Z')).toBe(true);
    expect(isSameMoment(revisionAfter(at), '2020-04-21T01:00:00.501Z')).toBe(true);
    expect(isSameMoment(at, '2020-04-21T01:00:01.500Z')).toBe(false);
  });
});
