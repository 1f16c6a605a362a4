import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';

/** What FormApp calls an item that the Forms API describes. */
export function itemType(item: forms_v1.Schema$Item): string {
  const { questionGroupItem: group } = item;
  if (group) return group.grid?.columns?.type === 'CHECKBOX' ? 'CHECKBOX_GRID' : 'GRID';
  if (item.pageBreakItem) return 'PAGE_BREAK';
  if (item.imageItem) return 'IMAGE';
  if (item.videoItem) return 'VIDEO';
  const question = item.questionItem?.question;
  if (!question) return 'SECTION_HEADER';
  if (question.choiceQuestion) return CHOICES[question.choiceQuestion.type ?? ''] ?? 'MULTIPLE_CHOICE';
  if (question.scaleQuestion) return 'SCALE';
  if (question.ratingQuestion) return 'RATING';
  if (question.fileUploadQuestion) return 'FILE_UPLOAD';
  if (question.dateQuestion) return question.dateQuestion.includeTime ? 'DATETIME' : 'DATE';
  if (question.timeQuestion) return question.timeQuestion.duration ? 'DURATION' : 'TIME';
  return question.textQuestion?.paragraph ? 'PARAGRAPH_TEXT' : 'TEXT';
}

const CHOICES: Record<string, string> = { RADIO: 'MULTIPLE_CHOICE', CHECKBOX: 'CHECKBOX', DROP_DOWN: 'LIST' };
