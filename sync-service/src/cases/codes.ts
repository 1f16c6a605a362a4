import { keysIn } from '../../../contract/records.ts';
import { longestAnswer, type SizedField } from './reading/sizes.ts';

/** Problem codes: each asks the teacher for one correction and says what to do. Stable: notices and docs name them. */
export const PROBLEMS = {
  'name.missing': '沒有填寫姓名，請填寫與證書相同的姓名。',
  'school.missing': '沒有填寫服務學校，請填寫學校代碼或學校全名。',
  'school.unknown': '查無所填的服務學校，請核對後填寫學校代碼或學校全名。',
  'school.ambiguous': '所填的校名不只一所學校使用，請加上行政區或學校代碼。',
  'level.missing': '沒有選擇類別，請選擇初階、進階或教學輔導教師。',
  'level.unknown': '看不出所填的類別，請選擇初階、進階或教學輔導教師其中一項。',
  'school-year.missing': '沒有填寫取得學年度，請依證書填寫，例如 106。',
  'school-year.unreadable': '看不出所填的取得學年度，請依證書上的日期填寫學年度數字，例如 106。',
  'school-year.ambiguous':
    '所填的年份橫跨兩個學年度，請依證書上的日期填寫學年度（每年8月1日起算），例如 106，或填寫完整日期。',
  'school-year.future': '所填的取得學年度尚未開始，請核對證書後重新填寫。',
  'certificate-number.missing': '沒有填寫證書字號，請依證書填寫完整字號，例如「○○字第○○○號」。',
  'email.missing': '沒有填寫電子郵件地址，請填寫可以收信的地址。',
  'email.invalid': '電子郵件地址的格式不正確，請填寫完整且可以收信的地址。',
  'evidence.missing': '沒有上傳證明文件，請上傳證書的掃描檔或清楚的照片。',
  'consent.missing': '沒有勾選個人資料蒐集同意，請閱讀說明後勾選，才能繼續辦理。',
  'description.missing': '沒有填寫問題說明，請寫明哪一場研習、何時參加、哪裡顯示不正確。',
  'id-number.check': '身分證統一編號或居留證號的檢查碼不符，請再核對一次。',
} as const;
/** A required question of the program's own, or a file, that was left blank: `field.missing:role`. */
const FIELD_MISSING = 'field.missing:';
export type FieldMissing = `${typeof FIELD_MISSING}${string}`;
export const fieldMissing = (field: string): FieldMissing => `${FIELD_MISSING}${field}`;

/** An answer that is longer than its question can sensibly hold, of any question: `field.too-long:school`. */
const FIELD_TOO_LONG = 'field.too-long:';
export type FieldTooLong = `${typeof FIELD_TOO_LONG}${string}`;
export const fieldTooLong = (field: string): FieldTooLong => `${FIELD_TOO_LONG}${field}`;

export type ProblemCode = keyof typeof PROBLEMS | FieldMissing | FieldTooLong;

/** Findings: hints for the reviewer. None of them decides anything. */
export const FINDINGS = {
  'certificate-number.unusual': '證書字號沒有「字第…號」的寫法，請對照證書掃描檔。',
  'certificate-number.claimed-by-another': '另有他人填報同一證書字號，請核對兩案的姓名與證書。',
  'duplicate.other-address': '同一張證書已有先前的案件，留的是另一個信箱，請核對兩案是否為同一人。',
  'email.discouraged-domain': '填報的是不建議使用的信箱，通知可能延遲或被擋，請視需要另以其他方式聯絡。',
  'email.possible-slip': '信箱的網域像是打錯字（例如 gmial.com），通知可能寄不到，請視需要以其他方式確認。',
  'email.unclear': '所填的電子郵件不是單一地址，通知寄到其中可用的一個，並已請教師確認。',
  'email.verified': '所填的電子郵件無法寄送或像是打錯字，通知改寄到教師填表時登入的 Google 帳號。',
  'name.lost-character': '姓名裡有「?」，可能是檔案轉存時遺失的罕用字，請對照證書確認正確的字。',
  'name.private-use': '姓名含有機關自造的字，各系統顯示不同，請對照證書確認正確的字。',
  'mentor.possibly-expired': '教學輔導教師證書可能已逾效期，請洽換證。',
} as const;
export type FindingCode = keyof typeof FINDINGS;

export const PROBLEM_CODES = keysIn(PROBLEMS);
export const FINDING_CODES = keysIn(FINDINGS);

/** What a sentence is made from: the program's own words, and the titles of its questions. */
interface Wording {
  sentences: Partial<Record<string, string>>;
  forms?: readonly { key: string; fields: readonly (SizedField & { title: string })[] }[];
}

/**
 * The sentence for a code, in the program's own words where it has some.
 * @param form the form that was sent, where a question may have another title in another form
 */
export function sentenceFor(code: string, program?: Wording, form?: string): string {
  const table: Record<string, string> = { ...PROBLEMS, ...FINDINGS };
  return program?.sentences[code] ?? table[code] ?? aboutField(code, program, form) ?? code;
}

function aboutField(code: string, program?: Wording, form?: string): string | null {
  const [prefix] = [FIELD_MISSING, FIELD_TOO_LONG].filter((each) => code.startsWith(each));
  if (!prefix) return null;
  const key = code.slice(prefix.length);
  const forms = program?.forms ?? [];
  const inOrder = [...forms.filter((each) => each.key === form), ...forms];
  const field = inOrder.flatMap(({ fields }) => fields).find((each) => each.key === key);
  const title = field?.title ?? key;
  return prefix === FIELD_MISSING
    ? `沒有填寫「${title}」，請填寫後送出。`
    : `「${title}」太長，超過 ${longestAnswer(field)} 字的部分沒有讀取，請縮短後送出。`;
}
