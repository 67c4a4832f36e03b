/** A time as a clock on the wall shows it; it is in Unix milliseconds. */
export function clock(time: number): string {
  const at = new Date(time);
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
