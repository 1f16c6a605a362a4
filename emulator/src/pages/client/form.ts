interface Uploaded {
  id?: string;
  url?: string;
  message?: string;
}

async function upload(file: File): Promise<Uploaded> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const response = await fetch('/files', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: file.name, type: file.type, content: btoa(binary) }),
  });
  return response.json();
}

const FAILED = '沒有上傳，請再試一次。';

function say(input: HTMLInputElement, sentence: string) {
  const said = input.parentElement?.querySelector('[role=status]');
  if (said) said.textContent = sentence;
}

/** A file that is chosen beside a text goes up at once; its link is what the form sends. */
for (const input of document.querySelectorAll<HTMLInputElement>('input[type=file][data-target]')) {
  const place = input.closest<HTMLElement>('.upload');
  if (place) place.hidden = false;
  const take = async () => {
    const [file] = input.files ?? [];
    const target = document.querySelector<HTMLInputElement>(`#${input.dataset.target}`);
    if (!file || !target) return;
    const { url, message = FAILED } = await upload(file);
    // A file that was not taken leaves the link as it was.
    if (url) target.value = url;
    say(input, url ? `已上傳 ${file.name}，上面的連結就是這個檔案。` : message);
  };
  input.addEventListener('change', () => void take());
}

/** Files of a question for files go up at once; their ids are what the form sends. */
for (const input of document.querySelectorAll<HTMLInputElement>('input[type=file][data-entry]')) {
  const most = Number(input.dataset.most);
  const take = async () => {
    const files = [...(input.files ?? [])];
    if (files.length === 0) return;
    if (files.length > most) return say(input, `最多 ${most} 個檔案，請重選。`);
    const answers = await Promise.all(files.map(upload));
    const refused = answers.find(({ id }) => !id);
    // Files of which one was not taken leave the answer as it was.
    if (refused) return say(input, refused.message ?? FAILED);
    for (const earlier of input.parentElement?.querySelectorAll('input[type=hidden]') ?? []) earlier.remove();
    for (const { id = '' } of answers.toReversed()) {
      const entry = document.createElement('input');
      Object.assign(entry, { type: 'hidden', name: input.dataset.entry, value: id });
      input.after(entry);
    }
    say(input, `已上傳 ${files.map(({ name }) => name).join('、')}。`);
  };
  input.addEventListener('change', () => void take());
}
