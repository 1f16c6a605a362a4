import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';

/** Answers by question id; a checkbox question has several. */
export type Answers = Record<string, string | string[]>;

export interface Refusal {
  questionId: string | null;
  sentence: string;
}

/** The form does not take this post; one sentence per question. */
export class FormRefusal extends Error {
  readonly refusals: Refusal[];
  constructor(refusals: Refusal[]) {
    super(refusals.map((refusal) => refusal.sentence).join(' '));
    this.refusals = refusals;
  }
}

export function answerValues(answer: string | string[] | undefined): string[] {
  return (Array.isArray(answer) ? answer : [answer ?? '']).filter((value) => value !== '');
}

/** What Forms checks by itself: required questions, and choices among the options. */
export function refusalsOf(form: forms_v1.Schema$Form, answers: Answers): Refusal[] {
  const refusals: Refusal[] = [];
  for (const item of form.items ?? []) {
    const question = item.questionItem?.question;
    const questionId = question?.questionId;
    if (!question || !questionId) continue;
    const values = answerValues(answers[questionId]);
    if (question.required && values.length === 0)
      refusals.push({ questionId, sentence: `「${item.title}」為必填問題。` });
    const choice = question.choiceQuestion;
    if (!choice || choice.options?.some((option) => option.isOther)) continue;
    const options = choice.options?.map((option) => option.value) ?? [];
    if (values.some((value) => !options.includes(value)))
      refusals.push({ questionId, sentence: `「${item.title}」請由選項中挑選。` });
    else if (choice.type !== 'CHECKBOX' && values.length > 1)
      refusals.push({ questionId, sentence: `「${item.title}」只能選一項。` });
  }
  return refusals;
}
