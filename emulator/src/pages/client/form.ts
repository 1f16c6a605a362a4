/** A chosen file goes up at once; its link is what the form sends. */
for (const input of document.querySelectorAll<HTMLInputElement>('input[type=file][data-target]')) {
  const place = input.closest<HTMLElement>('.upload');
  if (place) place.hidden = false;
  const upload = async () => {
    const [file] = input.files ?? [];
    const target = document.querySelector<HTMLInputElement>(`#${input.dataset.target}`);
    if (!file || !target) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    const response = await fetch('/files', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: file.name, type: file.type, content: btoa(binary) }),
    });
    const answer: { url?: string; message?: string } = await response.json();
    // A file that was not taken leaves the link as it was.
    if (answer.url) target.value = answer.url;
    const said = input.parentElement?.querySelector('[role=status]');
    if (said)
      said.textContent = answer.url
        ? `已上傳 ${file.name}，上面的連結就是這個檔案。`
        : (answer.message ?? '沒有上傳，請再試一次。');
  };
  input.addEventListener('change', () => void upload());
}
