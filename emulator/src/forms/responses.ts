import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import { invalid } from '../errors.ts';
import { answerValues } from './checks.ts';
import { questionsOf } from './items.ts';
import { nanosOf, protoTime, withoutDefaults } from './proto.ts';
import type { FormResponse } from './service.ts';

const MOST = 5000;

/** One page of a form's responses, as `forms.responses.list` gives them. */
export function listResponses(
  form: forms_v1.Schema$Form,
  responses: readonly FormResponse[],
  query: Record<string, string | undefined>,
): forms_v1.Schema$ListFormResponsesResponse {
  const matches = parseFilter(query.filter);
  const size = Number(query.pageSize ?? 0);
  if (size < 0) throw invalid('page_size must not be negative.');
  const most = Math.min(size || MOST, MOST);
  const all = responses.filter(matches);
  const from = query.pageToken ? readToken(query.pageToken, query.filter) : 0;
  const page = all.slice(from, from + most).map((each) => describeResponse(form, each));
  const more = from + most < all.length;
  return {
    ...(page.length > 0 ? { responses: page } : {}),
    ...(more ? { nextPageToken: writeToken(from + most, query.filter) } : {}),
  };
}

function parseFilter(filter: string | undefined): (response: FormResponse) => boolean {
  if (!filter) return () => true;
  const [, operator, text = ''] = /^\s*timestamp\s*(>=|>)\s*"?([^"\s]+)"?\s*$/u.exec(filter) ?? [];
  const since = nanosOf(text);
  if (!operator || since === null) throw invalid(`Invalid filter: ${filter}`);
  return ({ lastSubmittedTime }) => {
    const time = nanosOf(lastSubmittedTime) ?? 0n;
    return operator === '>' ? time > since : time >= since;
  };
}

/** A token belongs to the filter that it was given for. */
function writeToken(at: number, filter = ''): string {
  return Buffer.from(JSON.stringify([at, filter])).toString('base64url');
}

function readToken(token: string, filter = ''): number {
  try {
    const [at, given]: [number, string] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Number.isInteger(at) && given === filter) return at;
  } catch {
    // A token that does not parse is refused below.
  }
  throw invalid('Invalid page token.');
}

export function describeResponse(
  form: forms_v1.Schema$Form,
  response: FormResponse,
): forms_v1.Schema$FormResponse {
  const isQuiz = form.settings?.quizSettings?.isQuiz ?? false;
  let totalScore = 0;
  const answers = (form.items ?? []).flatMap(questionsOf).flatMap((question) => {
    const values = answerValues(response.answers[question.questionId ?? '']);
    // An unanswered question is absent, as Google leaves it out.
    if (values.length === 0) return [];
    const grade = isQuiz ? gradeOf(question, values) : null;
    totalScore += grade?.score ?? 0;
    const questionId = question.questionId ?? '';
    const answer = {
      questionId,
      ...(grade ? { grade: withoutDefaults(grade) } : {}),
      ...answersOf(question, values),
    };
    return [[questionId, answer] as const];
  });
  return {
    responseId: response.responseId,
    createTime: protoTime(response.createTime),
    lastSubmittedTime: protoTime(response.lastSubmittedTime),
    ...(response.email ? { respondentEmail: response.email } : {}),
    ...(answers.length > 0 ? { answers: Object.fromEntries(answers) } : {}),
    ...(totalScore > 0 ? { totalScore } : {}),
  };
}

function answersOf(question: forms_v1.Schema$Question, values: string[]) {
  if (question.fileUploadQuestion)
    return { fileUploadAnswers: { answers: values.map((fileId) => ({ fileId })) } };
  return { textAnswers: { answers: values.map((value) => ({ value })) } };
}

/** Grades as Forms does by itself: the answer is the key, or one of several that the key allows. */
function gradeOf(question: forms_v1.Schema$Question, values: string[]): forms_v1.Schema$Grade | null {
  const { grading } = question;
  const key = grading?.correctAnswers?.answers?.map(({ value }) => value ?? '');
  if (!grading || !key || key.length === 0) return null;
  const correct =
    question.choiceQuestion?.type === 'CHECKBOX'
      ? key.length === values.length && values.every((value) => key.includes(value))
      : values.every((value) => key.includes(value));
  const feedback = (correct ? grading.whenRight : grading.whenWrong) ?? grading.generalFeedback;
  return { score: correct ? (grading.pointValue ?? 0) : 0, correct, ...(feedback ? { feedback } : {}) };
}
