export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Text for the sidebar, in which addresses of files can be clicked; any other scheme stays text. */
export function linked(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"'、，。]+)/g)
    .map((part, index) =>
      index % 2 === 1
        ? `<a href="${escape(part)}" target="_blank" rel="noopener">${escape(part)}</a>`
        : escape(part),
    )
    .join('');
}
