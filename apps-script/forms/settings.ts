export interface FormMessages {
  closed: string;
  confirmation: string;
}

/** What set-up writes into the script's properties. */
export interface Settings {
  officeSpreadsheetId: string;
  /** Id of the intake tab: it stays when the tab is renamed. */
  intakeSheetId: number;
  /** By Google form id. */
  forms: Record<string, { key: string; fields: Record<string, string> }>;
  /** What Google shows in a form's place and after it, by form id; set-up before 0.2 wrote none. */
  messages: Record<string, FormMessages>;
  /** Where the service is reached. */
  serviceUrl: string;
  pingSecret: string;
}

/** @throws Error that names the missing property */
export function readSettings(): Settings {
  const properties = PropertiesService.getScriptProperties().getProperties();
  const need = (name: string): string => {
    const value = properties[name];
    if (value === undefined) throw new Error(`Script property ${name} is missing: run "budeng setup" again.`);
    return value;
  };
  return {
    officeSpreadsheetId: need('OFFICE_SPREADSHEET_ID'),
    intakeSheetId: Number(need('INTAKE_SHEET_ID')),
    forms: JSON.parse(need('FORMS')) as Settings['forms'],
    messages: messagesIn(properties),
    // Set-up before 0.2 wrote the address of the ping instead.
    serviceUrl: properties.SERVICE_URL ?? need('PING_URL').replace(/\/ping$/, ''),
    pingSecret: need('PING_SECRET'),
  };
}

/** One property a form, since Google keeps 9 KB in each. */
const MESSAGES = 'MESSAGES_';

function messagesIn(properties: Record<string, string>): Settings['messages'] {
  const messages: Settings['messages'] = {};
  for (const [name, value] of Object.entries(properties))
    if (name.indexOf(MESSAGES) === 0)
      messages[name.slice(MESSAGES.length)] = JSON.parse(value) as FormMessages;
  return messages;
}
