/** What set-up writes into the script's properties. */
export interface Settings {
  officeSpreadsheetId: string;
  /** Id of the intake tab: it stays when the tab is renamed. */
  intakeSheetId: number;
  /** By Google form id. */
  forms: Record<string, { key: string; fields: Record<string, string> }>;
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
    // Set-up before 0.2 wrote the address of the ping instead.
    serviceUrl: properties.SERVICE_URL ?? need('PING_URL').replace(/\/ping$/, ''),
    pingSecret: need('PING_SECRET'),
  };
}
