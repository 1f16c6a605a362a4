import { html } from '../../contract/html.ts';
import { answersCell, cutText, fitCell, storable } from '../../contract/cell-text.ts';
import { dayProblem, readRocDateTime, readRocDay } from '../../sync-service/src/cases/calendar/roc.ts';
import { asBig5Keeps, hasLostCharacter } from '../../sync-service/src/cases/reading/big5.ts';
import {
  certificateKey,
  comparableKey,
  issuerOf,
  isUsualNumber,
} from '../../sync-service/src/cases/reading/certificate-number.ts';
import { usualDomainNear } from '../../sync-service/src/cases/reading/email-domains.ts';
import {
  chooseEmail,
  domainOf,
  emailOf,
  isUnder,
  maskEmail,
} from '../../sync-service/src/cases/reading/email.ts';
import { idNumberKey, isIdNumber } from '../../sync-service/src/cases/reading/id-number.ts';
import { readLevel } from '../../sync-service/src/cases/reading/level.ts';
import { maskIdNumber, maskName, nameKey } from '../../sync-service/src/cases/reading/name.ts';
import { withoutRadicals } from '../../sync-service/src/cases/reading/radicals.ts';
import { readSchoolYear } from '../../sync-service/src/cases/reading/school-year.ts';
import { readSchool, schoolNameKey } from '../../sync-service/src/cases/reading/schools.ts';
import { withoutFilling } from '../../sync-service/src/cases/reading/sizes.ts';
import {
  capitals,
  isBlank,
  listedParts,
  normalized,
  quoted,
  squeeze,
  trimmed,
} from '../../sync-service/src/cases/reading/text.ts';
import { applySetting, settingsOf } from '../../sync-service/src/casework/program-settings.ts';
import { formOfFile } from '../../sync-service/src/cli/files/form-of-file.ts';
import { parseTimestamp } from '../../sync-service/src/cli/files/responses.ts';
import { drawable, undrawable } from '../../sync-service/src/exports/rare-characters.ts';
import { inert } from '../../sync-service/src/exports/table.ts';
import { cellData, cellText, sameCell } from '../../sync-service/src/google/tab.ts';
import {
  contentsOf,
  isEditOf,
  isRemainderOf,
  isSameWriting,
  listedAt,
} from '../../sync-service/src/ledger/known-responses.ts';
import { decodeText } from '../../sync-service/src/tables/encoding.ts';
import { findColumns } from '../../sync-service/src/tables/find-columns.ts';
import { placeColumns } from '../../sync-service/src/tables/place-columns.ts';
import { sheetOf } from '../../sync-service/src/tables/sheet.ts';
import { TableError } from '../../sync-service/src/tables/table-error.ts';
import { bareTitleKey, titleKey } from '../../sync-service/src/tables/titles.ts';
import { tainan } from './helpers.ts';

type Parser = (text: string) => unknown;

const SETTINGS = [...settingsOf(tainan).values()];
const COLUMNS = [
  { key: 'name', titles: ['姓名'], required: true, containedUnless: /承辦/u },
  { key: 'email', titles: ['電子郵件', 'email'], required: true, containedUnless: /承辦/u },
];

/** What a file may say about itself is a sentence for whoever handed it in. */
function orTableError<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof TableError) return null;
    throw error;
  }
}

/**
 * Every function that is given what a person typed, by the module and name that it is exported under. A new one is
 * entered here or, where it reads no text, in `NO_PARSERS`: a test compares the two with what the modules export.
 */
export const PARSERS: Record<string, Parser> = {
  'cases/reading/big5#asBig5Keeps': asBig5Keeps,
  'cases/reading/big5#hasLostCharacter': hasLostCharacter,
  'cases/reading/certificate-number#certificateKey': certificateKey,
  'cases/reading/certificate-number#comparableKey': comparableKey,
  'cases/reading/certificate-number#isUsualNumber': (text) => isUsualNumber(certificateKey(text)),
  'cases/reading/certificate-number#issuerOf': (text) => issuerOf(certificateKey(text)),
  'cases/reading/email#chooseEmail': (text) => chooseEmail(text, text, ['tn.edu.tw']),
  'cases/reading/email#domainOf': domainOf,
  'cases/reading/email#emailOf': emailOf,
  'cases/reading/email#isUnder': (text) => isUnder(text, ['tn.edu.tw']),
  'cases/reading/email#maskEmail': maskEmail,
  'cases/reading/email-domains#usualDomainNear': usualDomainNear,
  'cases/reading/id-number#idNumberKey': idNumberKey,
  'cases/reading/id-number#isIdNumber': isIdNumber,
  'cases/reading/level#readLevel': readLevel,
  'cases/reading/name#maskIdNumber': maskIdNumber,
  'cases/reading/name#maskName': maskName,
  'cases/reading/name#nameKey': nameKey,
  'cases/reading/radicals#withoutRadicals': withoutRadicals,
  'cases/reading/school-year#readSchoolYear': (text) => readSchoolYear(text, 108),
  'cases/reading/schools#readSchool': (text) => readSchool(tainan.schools, text),
  'cases/reading/schools#schoolNameKey': schoolNameKey,
  'cases/reading/sizes#withoutFilling': withoutFilling,
  'cases/reading/text#capitals': capitals,
  'cases/reading/text#isBlank': isBlank,
  'cases/reading/text#listedParts': listedParts,
  'cases/reading/text#normalized': normalized,
  'cases/reading/text#quoted': quoted,
  'cases/reading/text#squeeze': squeeze,
  'cases/reading/text#trimmed': trimmed,
  'cases/calendar/roc#dayProblem': dayProblem,
  'cases/calendar/roc#readRocDateTime': readRocDateTime,
  'cases/calendar/roc#readRocDay': readRocDay,
  'casework/program-settings#applySetting': (text) =>
    SETTINGS.map((setting) => applySetting(setting, tainan, text)),
  'cli/files/form-of-file#formOfFile': (text) => formOfFile(text, tainan.forms),
  'cli/files/responses#parseTimestamp': parseTimestamp,
  'exports/rare-characters#drawable': drawable,
  'exports/rare-characters#undrawable': undrawable,
  'exports/table#inert': inert,
  'google/tab#cellData': cellData,
  'google/tab#cellText': cellText,
  'google/tab#sameCell': (text) => sameCell(text, text.slice(1)),
  'ledger/known-responses#contentsOf': (text) => contentsOf({ name: text, email: text }),
  'ledger/known-responses#isEditOf': (text) =>
    isEditOf({ name: text, level: text }, { name: text, level: text, 'certificate-number': text }),
  'ledger/known-responses#listedAt': listedAt,
  'ledger/known-responses#isSameWriting': (text) =>
    isSameWriting({ answers: { name: text }, email: text }, { answers: { name: `${text}?` }, email: '' }),
  'ledger/known-responses#isRemainderOf': (text) => isRemainderOf({ name: text }, { name: `${text}?` }),
  'tables/encoding#decodeText': (text) => orTableError(() => decodeText(Buffer.from(text, 'latin1'))),
  'tables/find-columns#findColumns': (text) =>
    findColumns([{ name: '', rows: [{ line: 1, cells: [text, '姓名', text] }] }], COLUMNS),
  'tables/place-columns#placeColumns': (text) => placeColumns([text, `${text}姓名`], COLUMNS),
  'tables/sheet#sheetOf': (text) => sheetOf('', [{ line: 1, cells: [text] }]),
  'tables/titles#bareTitleKey': bareTitleKey,
  'tables/titles#titleKey': titleKey,
  'contract/cell-text#answersCell': (text) => answersCell({ name: text, note: text }),
  'contract/cell-text#cutText': (text) => cutText(text, 1000),
  'contract/cell-text#fitCell': (text) => fitCell(text, 1000),
  'contract/cell-text#storable': storable,
  'contract/html#html': (text) => html`<p>${text}</p>`,
};

/** What the same modules export besides. */
export const NO_PARSERS: Record<string, string> = {
  'cases/calendar/roc#taipeiTime': 'an instant',
  'cases/calendar/roc#clockText': 'an instant',
  'cases/calendar/roc#sortableRocDate': 'an instant',
  'cases/calendar/roc#sortableRocDateTime': 'an instant',
  'cases/calendar/roc#untilText': 'an instant',
  'cases/calendar/roc#untilEndText': 'an instant',
  'cases/calendar/roc#taipeiInstant': 'numbers',
  'cases/calendar/roc#startOfDay': 'a day that has been read',
  'cases/calendar/roc#endOfDay': 'a day that has been read',
  'cases/calendar/roc#isRealDay': 'numbers',
  'cases/calendar/roc#schoolYearOfDay': 'numbers',
  'cases/calendar/roc#schoolYearOf': 'an instant',
  'cases/calendar/roc#formatRocDate': 'an instant',
  'cases/calendar/roc#formatRocDateTime': 'an instant',
  'cases/calendar/roc#isoDay': 'an instant',
  'cases/reading/distance#distance': 'domains of like length only; usualDomainNear sees to that',
  'cases/reading/email#listedEmails': 'a setting, which applySetting has cut',
  'cases/reading/schools#schoolKey': 'a school of the roster',
  'cases/reading/sizes#longestAnswer': 'a field of the program file',
  'cli/files/responses#readResponses': 'a folder',
  'casework/program-settings#readSettings': 'the ledger',
  'casework/program-settings#settingsOf': 'a program',
  'casework/program-settings#withSettings': 'settings that were applied once',
  'exports/rare-characters#withRareCharacters': 'a whole table',
  'exports/table#exportTable': 'a whole table',
  'google/tab#holdsNumbers': 'a whole tab',
  'google/tab#isBlank': 'a cell, compared with nothing',
  'google/tab#parseTab': 'a whole tab',
  'google/tab#withShown': 'a whole tab',
  'google/tab#wordless': 'a whole tab',
  'ledger/known-responses#contentOf': 'a part of contentsOf',
  'ledger/known-responses#findImported': 'the ledger',
  'ledger/known-responses#fingerprintOf': 'a content',
  'ledger/known-responses#importedId': 'a digest',
  'ledger/known-responses#isImportedId': 'the number of a response',
  'ledger/known-responses#isSameTime': 'instants',
  'ledger/known-responses#nearestFirst': 'instants',
  'ledger/known-responses#readKnownResponses': 'the ledger',
  'tables/date-text#dateText': 'an instant',
  'tables/delimited#parseDelimited': 'a whole file',
  'tables/faults#faultOf': 'a table that has been read',
  'tables/faults#remarksOf': 'a table that has been read',
  'tables/ods#readOdsSheets': 'a whole file',
  'tables/read-sheets#readSheets': 'a whole file',
  'tables/xlsx#readXlsxSheets': 'a whole file',
};
