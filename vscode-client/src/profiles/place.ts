/** A line in a file, counted from 0. */
export interface Place {
  path: string;
  line: number;
}

/** Reads a setting's place as the server tells it, `file:line` counted from 1; undefined for a setting of the editor's. */
export function placeOf(text: string): Place | undefined {
  const [, path, line] = /^(\/.+|[A-Za-z]:[\\/].+):(\d+)$/.exec(text) ?? [];
  return path && line ? { path, line: Math.max(0, Number(line) - 1) } : undefined;
}

/** The line of a text on which a key begins, counted from 0; the first line where there is none. */
export function lineOfKey(text: string, key: string): number {
  const quoted = JSON.stringify(key);
  const at = text.split("\n").findIndex((line) =>
    line
      .split(quoted)
      .slice(1)
      .some((rest) => /^\s*:/.test(rest)),
  );
  return Math.max(0, at);
}
