// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** Somebody else's text as one line that shows all its characters, at most `width` long. */
export function oneLine(text: string, width: number): string {
  const line = text.replace(/\s+/g, " ").replace(UNSEEN, "").trim();
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

/** Text for a message: VS Code makes links of `[…](…)` there, commands included, and an agent must not write those. */
export function unlinked(text: string): string {
  return text.replace(/\](?=\()/g, "] ");
}
