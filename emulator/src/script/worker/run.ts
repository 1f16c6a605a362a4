import type { RunMessage, UiEffect } from '../protocol.ts';
import { exception } from './call.ts';

/** The run that goes on, and what it shows to the person at the spreadsheet. */
let current: RunMessage | null = null;
let effects: UiEffect[] = [];

export function beginRun(message: RunMessage): UiEffect[] {
  current = message;
  effects = [];
  return effects;
}

export function currentRun(): RunMessage {
  if (!current) throw new Error('no script runs');
  return current;
}

export function show(effect: UiEffect): void {
  effects.push(effect);
}

const SCOPE = 'https://www.googleapis.com/auth/';
const nameScopes = (scopes: readonly string[]) => {
  const urls = scopes.map((scope) => SCOPE + scope);
  return urls.length > 1 ? `(${urls.join(' || ')})` : urls.join('');
};

function isGranted(anyOf: readonly string[]): boolean {
  const { scopes } = currentRun();
  return scopes === null || anyOf.some((scope) => scopes.includes(SCOPE + scope));
}

/**
 * Refuses a service that nobody has consented to: in a simple trigger anything that needs consent, else what the
 * manifest does not ask for.
 */
export function needScope(method: string, ...anyOf: string[]): void {
  if (currentRun().authMode === 'LIMITED')
    throw exception(
      `You do not have permission to call ${method}. Required permissions: ${nameScopes(anyOf)}`,
    );
  if (!isGranted(anyOf))
    throw exception(
      `Specified permissions are not sufficient to call ${method}. Required permissions: ${nameScopes(anyOf)}`,
    );
}

/** The same for the document that the script is bound to, which a simple trigger may use. */
export function needScopeOfBound(method: string, ...anyOf: string[]): void {
  if (currentRun().authMode !== 'LIMITED') needScope(method, ...anyOf);
}

/** Of an advanced service, which asks Google's API in the run's name. */
export function hasScope(...anyOf: string[]): boolean {
  return currentRun().authMode === 'FULL' && isGranted(anyOf);
}
