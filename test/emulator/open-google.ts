import { drive } from 'googleapis/build/src/apis/drive/index.js';
import { forms } from 'googleapis/build/src/apis/forms/index.js';
import { sheets } from 'googleapis/build/src/apis/sheets/index.js';
import { type OfficeClock, officeClock } from '../../contract/clock.ts';
import { formsPlugin } from '../../emulator/src/forms/plugin.ts';
import type { FormsService } from '../../emulator/src/forms/service.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/src/server.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint: bodies are compared, not typed
  body: any;
}

/** The emulator as `--auth open` runs it, asked by the unmodified client and by plain HTTP. */
export async function openGoogle(options: Partial<EmulatorOptions> = {}) {
  const clock: OfficeClock = officeClock(new Date('2020-04-21T01:00:00Z'), { frozen: true });
  let formsService: FormsService | undefined;
  const emulator: Emulator = await startEmulator({
    clock,
    auth: 'open',
    plugins: [
      (opened) => {
        formsService = formsPlugin(opened);
      },
    ],
    ...options,
  });
  const common = { rootUrl: `${emulator.url}/`, retry: false };
  const ask = async (
    verb: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${emulator.url}${path}`, {
      method: verb,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : text,
    };
  };
  return {
    emulator,
    clock,
    forms: formsService as FormsService,
    ask,
    drive: drive({ version: 'v3', ...common }),
    formsApi: forms({ version: 'v1', ...common }),
    sheets: sheets({ version: 'v4', ...common }),
    close: () => emulator.close(),
  };
}

export type OpenGoogle = Awaited<ReturnType<typeof openGoogle>>;

/** The body of the error that the client throws. */
export async function errorOf(call: Promise<unknown>) {
  const caught = (await call.then(
    () => null,
    (error: unknown) => error,
  )) as { response?: { data: { error: Record<string, unknown> } } } | null;
  return caught?.response?.data.error;
}
