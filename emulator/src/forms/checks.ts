import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import { questionsOf } from './items.ts';

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

/** What Forms checks by itself: required questions, choices among the options, and what has a form. */
export function refusalsOf(form: forms_v1.Schema$Form, answers: Answers): Refusal[] {
  return (form.items ?? []).flatMap((item) =>
    questionsOf(item).flatMap((question) => {
      const { questionId } = question;
      if (!questionId) return [];
      const title = question.rowQuestion?.title ?? item.title ?? '';
      const choice =
        question.choiceQuestion ?? (question.rowQuestion && item.questionGroupItem?.grid?.columns);
      const values = answerValues(answers[questionId]);
      const problem =
        values.length === 0
          ? question.required && '為必填問題。'
          : ((choice && choiceProblem(choice, values)) ?? shapeProblem(question, values));
      return problem ? [{ questionId, sentence: `「${title}」${problem}` }] : [];
    }),
  );
}

function choiceProblem(choice: forms_v1.Schema$ChoiceQuestion, values: string[]): string | null {
  const isOpen = choice.options?.some((option) => option.isOther);
  const options = choice.options?.map((option) => option.value) ?? [];
  if (!isOpen && values.some((value) => !options.includes(value))) return '請由選項中挑選。';
  return choice.type !== 'CHECKBOX' && values.length > 1 ? '只能選一項。' : null;
}

function shapeProblem(question: forms_v1.Schema$Question, values: string[]): string | null {
  const [value = ''] = values;
  const most = question.fileUploadQuestion && (question.fileUploadQuestion.maxFiles ?? 1);
  if (most) return values.length > most ? `最多 ${most} 個檔案。` : null;
  const { scaleQuestion: scale, ratingQuestion: rating, dateQuestion: date, timeQuestion: time } = question;
  const range = scale ? [scale.low ?? 0, scale.high ?? 0] : rating ? [1, rating.ratingScaleLevel ?? 0] : null;
  if (range) {
    const [low = 0, high = 0] = range;
    const picked = Number(value);
    return Number.isInteger(picked) && picked >= low && picked <= high ? null : `請填 ${low} 到 ${high}。`;
  }
  if (date) {
    const day = date.includeYear ? '\\d{4}-\\d\\d-\\d\\d' : '\\d\\d-\\d\\d';
    const pattern = new RegExp(`^${day}${date.includeTime ? '[ T]\\d\\d:\\d\\d' : ''}$`, 'u');
    return pattern.test(value) ? null : '日期的格式不對。';
  }
  if (time) return /^\d{1,2}:\d\d(:\d\d)?$/u.test(value) ? null : '時間的格式不對。';
  return null;
}
