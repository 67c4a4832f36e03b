/** Says that something is so, or fails with what is not. */
export function check(holds: boolean, what: string): void {
  if (!holds) {
    throw new Error(`Not so: ${what}`);
  }
  say(what);
}

/** Says what was seen. */
export function say(what: string): void {
  process.stdout.write(`ok  ${what}\n`);
}
