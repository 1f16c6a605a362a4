import type { Express, Request, Response } from 'express';
import { actingPerson } from '../people.ts';
import { html } from './html.ts';
import { sendPage } from './layout.ts';

/** A stranger is told so; whoever is signed in to no account is sent to sign in first. */
export function refuseEntry(request: Pick<Request, 'originalUrl'>, response: Response): void {
  const person = actingPerson();
  if (!person) {
    response.redirect(302, `/ServiceLogin?${new URLSearchParams({ continue: request.originalUrl })}`);
    return;
  }
  sendPage(response.status(403), {
    title: '您沒有存取權',
    body: html`<h1>您沒有存取權</h1><p class="card">${person} 不能開啟這個檔案。請向擁有者要求存取權，或換成有存取權的帳號。</p>`,
  });
}

/** Stands in for Google's sign-in: whoever gives an address is that person. */
export function signInPage(app: Express): void {
  app.get('/ServiceLogin', (request, response) => {
    const given = request.query.continue;
    // Leads back to a page of this host, and to no other.
    const back = typeof given === 'string' && /^\/(?!\/)/u.test(given) ? given : '/';
    const [path = '/', query = ''] = back.split('?');
    const hidden = [...new URLSearchParams(query)].filter(([name]) => name !== 'authuser');
    sendPage(response, {
      title: '登入',
      body: html`<h1>登入</h1><form class="card" action="${path}">
        ${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
        <p><label for="authuser">Google 帳號</label> <input type="email" id="authuser" name="authuser" required> <button>繼續</button></p></form>`,
    });
  });
}
