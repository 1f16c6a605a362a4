import type { Request, RequestHandler } from 'express';
import { actAs, type Person } from '../people.ts';

const COOKIE = 'authuser';
/** Whoever is signed in to no account. */
const NOBODY = '-';

function cookieOf(request: Request): string {
  const pairs = (request.get('cookie') ?? '').split(/;\s*/u).map((pair) => pair.split('='));
  const [, value = ''] = pairs.find(([name]) => name === COOKIE) ?? [];
  return decodeURIComponent(value);
}

/** Who sits before a page: whom its address names by `authuser`, who was chosen before, else the usual one. */
export function sitBefore(usual: (request: Request) => Person): RequestHandler {
  return (request, response, next) => {
    const { authuser } = request.query;
    const named = typeof authuser === 'string' ? authuser : '';
    if (named) response.cookie(COOKIE, named, { path: '/', sameSite: 'lax' });
    const chosen = named || cookieOf(request);
    const person = chosen === NOBODY ? null : chosen || usual(request);
    actAs(person, () => next());
  };
}
