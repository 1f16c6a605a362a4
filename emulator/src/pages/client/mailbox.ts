/** New mails come into the list by themselves. */
async function refresh() {
  const page = new DOMParser().parseFromString(await (await fetch('/mailbox')).text(), 'text/html');
  const count = page.querySelector('#count');
  if (!count || count.textContent === document.querySelector('#count')?.textContent) return;
  for (const part of ['#count', 'table.mails']) {
    const fresh = page.querySelector(part);
    if (fresh) document.querySelector(part)?.replaceChildren(...fresh.childNodes);
  }
}

const events = new EventSource('/mailbox/events');
// A mail may have come between the page and this.
events.addEventListener('open', () => void refresh());
events.addEventListener('message', () => void refresh());
