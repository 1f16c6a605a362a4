import { randomBytes } from 'node:crypto';
import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import { invalid } from '../errors.ts';

type Form = forms_v1.Schema$Form;
type Item = forms_v1.Schema$Item;
type Question = forms_v1.Schema$Question;

/** At most one of these may be set in an item. */
export const ITEM_KINDS = [
  'questionItem',
  'questionGroupItem',
  'pageBreakItem',
  'textItem',
  'imageItem',
  'videoItem',
] as const;
/** At most one of these may be set in a question. */
export const QUESTION_KINDS = [
  'choiceQuestion',
  'textQuestion',
  'scaleQuestion',
  'dateQuestion',
  'timeQuestion',
  'fileUploadQuestion',
  'rowQuestion',
  'ratingQuestion',
] as const;

/** Lists all questions of an item: one, or each row of a grid. */
export function questionsOf(item: Item): Question[] {
  const { questionItem, questionGroupItem } = item;
  return [
    ...(questionItem?.question ? [questionItem.question] : []),
    ...(questionGroupItem?.questions ?? []),
  ];
}

const newItemId = () => randomBytes(4).toString('hex');

/**
 * An item as the form keeps it: with its ids, and checked.
 * @throws ApiError whose sentence the caller puts behind the place in the request
 */
export function prepareItem(form: Form, given: Item, others: readonly Item[]): Item {
  const item = structuredClone(given);
  const taken = new Set(others.flatMap((other) => [other.itemId, ...questionsOf(other).map(idOf)]));
  item.itemId = claim(item.itemId, taken, 'item');
  const kinds = ITEM_KINDS.filter((kind) => item[kind]);
  if (kinds.length !== 1) throw invalid('An item must have exactly one kind.');
  checkText(item.title);
  if (item.questionItem) {
    if (!item.questionItem.question) throw invalid('question_item.question must be set.');
    prepareQuestion(form, item.questionItem.question, taken);
    if (item.questionItem.question.rowQuestion)
      throw invalid('A row question can only be part of a question group.');
    keepImage(item.questionItem.image);
  }
  if (item.questionGroupItem) prepareGroup(form, item.questionGroupItem, taken);
  if (item.imageItem) {
    if (!item.imageItem.image?.sourceUri && !item.imageItem.image?.contentUri)
      throw invalid('image_item.image.source_uri must be set.');
    keepImage(item.imageItem.image);
  }
  if (item.videoItem && !isYoutube(item.videoItem.video?.youtubeUri))
    throw invalid('video_item.video.youtube_uri must be the URI of a YouTube video.');
  return item;
}

const idOf = (question: Question) => question.questionId;

function claim(given: string | null | undefined, taken: Set<string | null | undefined>, of: string): string {
  if (given && taken.has(given)) throw invalid(`The ${of} ID ${given} is already used in the form.`);
  let id = given || newItemId();
  if (!given) while (taken.has(id)) id = newItemId();
  taken.add(id);
  return id;
}

function checkText(text: string | null | undefined) {
  if (text?.includes('\n')) throw invalid('Displayed text cannot contain newlines');
}

/** Google copies a picture and gives its own address for it; here the address stays what it was. */
function keepImage(image: forms_v1.Schema$Image | undefined) {
  if (!image?.sourceUri) return;
  image.contentUri = image.sourceUri;
  delete image.sourceUri;
}

function isYoutube(uri: string | null | undefined): boolean {
  return /^https?:\/\/(www\.|m\.)?(youtube\.com|youtu\.be)\//u.test(uri ?? '');
}

function prepareGroup(
  form: Form,
  group: forms_v1.Schema$QuestionGroupItem,
  taken: Set<string | null | undefined>,
) {
  if (!group.questions?.length) throw invalid('A question group must have at least one question.');
  for (const question of group.questions) {
    if (!question.rowQuestion) throw invalid('A question of a question group must be a row question.');
    checkText(question.rowQuestion.title);
    prepareQuestion(form, question, taken);
  }
  if (!group.grid) throw invalid('question_group_item.grid must be set.');
  if (group.grid.columns?.type === 'DROP_DOWN')
    throw invalid('The columns of a grid must be of the type RADIO or CHECKBOX.');
  prepareChoices(group.grid.columns ?? {});
  keepImage(group.image);
}

function prepareQuestion(form: Form, question: Question, taken: Set<string | null | undefined>) {
  question.questionId = claim(question.questionId, taken, 'question');
  const kinds = QUESTION_KINDS.filter((kind) => question[kind]);
  if (kinds.length !== 1) throw invalid('A question must have exactly one kind.');
  if (question.fileUploadQuestion) throw invalid('Creating a file upload question is not supported.');
  if (question.choiceQuestion) prepareChoices(question.choiceQuestion);
  const { scaleQuestion: scale, ratingQuestion: rating } = question;
  const low = scale?.low ?? 0;
  const high = scale?.high ?? 0;
  if (scale && (low < 0 || low > 1 || high < 2 || high > 10))
    throw invalid('A scale begins at 0 or 1 and ends at a number from 2 to 10.');
  if (rating) {
    const level = rating.ratingScaleLevel ?? 0;
    if (level < 3 || level > 10) throw invalid('rating_scale_level must be from 3 to 10.');
    if (!rating.iconType || rating.iconType.endsWith('_UNSPECIFIED')) throw invalid('icon_type must be set.');
  }
  if (question.grading) checkGrading(form, question);
}

function prepareChoices(choice: forms_v1.Schema$ChoiceQuestion) {
  if (!choice.type || choice.type.endsWith('_UNSPECIFIED'))
    throw invalid('choice_question.type must be set.');
  const options = choice.options ?? [];
  if (options.length === 0) throw invalid('A choice question must have at least one option.');
  const seen = new Set<string>();
  for (const option of options) {
    keepImage(option.image);
    if (option.isOther && choice.type === 'DROP_DOWN')
      throw invalid("A drop-down question cannot have an 'other' option.");
    if (option.isOther) continue;
    const value = option.value ?? '';
    checkText(value);
    if (value === '') throw invalid('An option must have a value.');
    if (seen.has(value)) throw invalid(`Duplicate option value: ${value}`);
    seen.add(value);
    if ((option.goToAction || option.goToSectionId) && choice.type === 'CHECKBOX')
      throw invalid('Only radio and drop-down options can go to a section.');
  }
}

function checkGrading(form: Form, question: Question) {
  if (!form.settings?.quizSettings?.isQuiz) throw invalid('Only a quiz can have grading.');
  if ((question.grading?.pointValue ?? 0) < 0) throw invalid('point_value must not be negative.');
  const choice = question.choiceQuestion;
  if (!choice && (question.grading?.whenRight || question.grading?.whenWrong))
    throw invalid('Feedback for right and wrong answers is only for multiple choice questions.');
  const values = new Set(choice?.options?.map(({ value }) => value));
  const missing = question.grading?.correctAnswers?.answers?.find(
    ({ value }) => choice && !values.has(value),
  );
  if (missing) throw invalid(`The correct answer ${missing.value} is not among the options.`);
}
