import type { FormsService } from '../forms/service.ts';
import type { Emulator } from '../server.ts';
import { addScriptApi } from './api.ts';
import { ScriptHost } from './host.ts';
import { addWebApps } from './web-app.ts';

/** Adds Apps Script: its API, its web apps and its runtime. */
export function scriptPlugin(emulator: Emulator, forms: FormsService): ScriptHost {
  const host = new ScriptHost(emulator, forms);
  addScriptApi(emulator.app, host);
  addWebApps(emulator.app, host);
  return host;
}
