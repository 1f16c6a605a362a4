import { constants, gzip } from 'node:zlib';
import type { RequestHandler, Response } from 'express';

/** Compressing less than a packet gains nothing. */
const LEAST = 1400;

/** Sends pages and JSON gzipped to whoever takes it; streams and what is compressed already pass. */
export const compressed: RequestHandler = (request, response, next) => {
  response.vary('Accept-Encoding');
  if (!request.acceptsEncodings('gzip')) return next();
  const plain = response.send.bind(response);
  response.send = (body: unknown): Response => {
    // Express turns JSON and buffers into text or bytes and calls send once more.
    const small = typeof body !== 'string' || body.length < LEAST;
    if (small || response.get('Content-Encoding')) return plain(body);
    if (!response.get('Content-Type')) response.type('html');
    const { Z_BEST_SPEED } = constants;
    gzip(body, { level: body.length > 200_000 ? Z_BEST_SPEED : 6 }, (error, bytes) => {
      if (error) return void plain(body);
      const type = response.get('Content-Type') ?? 'text/html; charset=utf-8';
      response.set('Content-Encoding', 'gzip');
      // A buffer must not become an octet stream.
      response.set('Content-Type', /charset/u.test(type) ? type : `${type}; charset=utf-8`);
      plain(bytes);
    });
    return response;
  };
  next();
};
