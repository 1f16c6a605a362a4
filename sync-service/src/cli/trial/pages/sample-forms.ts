import type { FormsService } from 'google-on-this-machine';
import { type Sample, SAMPLES } from './samples.ts';

type Answers = Record<string, string>;

/** Certificates of samples are numbered anew each time: the same one sent again would be a duplicate. */
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

  return {
    /** One sample's answers by question id; none where no sample has the key. */
    answers(formId: string, key: string): Answers {
      return byQuestion(formId, SAMPLES.find((each) => each.key === key)?.answers ?? {});
    },

    /** Sends one sample as another person with another certificate. */
    submit(formId: string, key: string): void {
      submitted += 1;
      const answers = SAMPLES.find((each) => each.key === key)?.answers ?? {};
      const certificate = `臺教師(三)字第10400${String(Date.now() + submitted).slice(-5)}號`;
      forms.submit(formId, { answers: byQuestion(formId, { ...answers, [CERTIFICATE]: certificate }) });
    },

    /** Sends to each form every sample that fits its questions; returns how many. */
    submitAll(formIds: readonly string[]): number {
      rounds += 1;
      const sent = formIds.map((formId) => {
        const fitting = SAMPLES.filter((sample) => fits(sample, titles(formId)));
        for (const { answers } of fitting) {
          const certificate = renumbered(answers[CERTIFICATE] ?? '', rounds);
          forms.submit(formId, { answers: byQuestion(formId, { ...answers, [CERTIFICATE]: certificate }) });
        }
        return fitting.length;
      });
      return sent.reduce((sum, count) => sum + count, 0);
    },
  };
}
export type SampleForms = ReturnType<typeof createSampleForms>;

const fits = ({ tour, enquiry, hasLevel }: Sample, asked: ReadonlySet<string>) =>
  !tour && enquiry === asked.has('問題說明') && hasLevel === asked.has('證書類別');

const renumbered = (certificate: string, by: number) =>
  certificate.replace(/\d(?=\D*$)/u, (digit) => String((Number(digit) + by) % 10));
