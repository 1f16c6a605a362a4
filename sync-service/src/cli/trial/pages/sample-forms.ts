import type { FormsService } from 'google-on-this-machine';
import { type Sample, SAMPLES } from './samples.ts';

type Answers = Record<string, string>;

/** Numbers the certificates of samples anew each time, since the same one sent again would be a duplicate. */
const CERTIFICATE = '證書字號';

/** Fills forms with sample people. */
export function createSampleForms(forms: FormsService) {
  let submitted = 0;
  let rounds = 0;

  /** Answers by question id, for the questions that the form has. */
  const byQuestion = (formId: string, answers: Answers): Answers =>
    Object.fromEntries(
      (forms.get(formId).items ?? []).flatMap((item) => {
        const id = item.questionItem?.question?.questionId;
        const answer = answers[item.title ?? ''];
        return id && answer ? [[id, answer]] : [];
      }),
    );
  const titles = (formId: string) => new Set((forms.get(formId).items ?? []).map(({ title }) => title ?? ''));
  const answersOf = (key: string): Answers => SAMPLES.find((each) => each.key === key)?.answers ?? {};
  const send = (formId: string, answers: Answers, certificate: string) =>
    forms.submit(formId, { answers: byQuestion(formId, { ...answers, [CERTIFICATE]: certificate }) });

  return {
    /** One sample's answers by question id; none where no sample has the key. */
    answers(formId: string, key: string): Answers {
      return byQuestion(formId, answersOf(key));
    },

    /** Sends one sample as another person with another certificate. */
    submit(formId: string, key: string): void {
      submitted += 1;
      send(formId, answersOf(key), `臺教師(三)字第10400${String(Date.now() + submitted).slice(-5)}號`);
    },

    /** Sends to each form every sample that fits its questions; returns how many. */
    submitAll(formIds: readonly string[]): number {
      rounds += 1;
      const sent = formIds.map((formId) => {
        const asked = titles(formId);
        const fitting = SAMPLES.filter((sample) => fits(sample, asked));
        for (const { answers } of fitting)
          send(formId, answers, renumbered(answers[CERTIFICATE] ?? '', rounds));
        return fitting.length;
      });
      return sent.reduce((sum, count) => sum + count, 0);
    },
  };
}
export type SampleForms = ReturnType<typeof createSampleForms>;

/** Questions by which a form is told from the others: a sample answers just those of them that the form asks. */
const TELLING = ['問題說明', '證書類別'];
const fits = ({ tour, answers }: Sample, asked: ReadonlySet<string>) =>
  !tour && TELLING.every((title) => title in answers === asked.has(title));

const renumbered = (certificate: string, by: number) =>
  certificate.replace(/\d(?=\D*$)/u, (digit) => String((Number(digit) + by) % 10));
