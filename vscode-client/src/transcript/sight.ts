/** What is seen of a growing document: the first line, and whether the last one is in sight or should be. */
export interface Sight {
  top: number;
  atEnd: boolean;
  /** Lines were taken away: until the end is in sight again, that the top moves is nobody's scrolling. */
  jumps: boolean;
  /** When the end went out of sight, in milliseconds. */
  left: number;
}

/** A move of the top and the change of the document that made it are told in any order, so many milliseconds apart. */
const TOGETHER = 1000;

/**
 * What is seen after the visible lines changed to `top`–`bottom` of a document whose last line is `last`.
 *
 * Whoever scrolls moves the top. When only the bottom moves up, the window got smaller or the document longer: who was at
 * the end wants to stay there.
 */
export function look(
  before: Sight | undefined,
  { top, bottom }: { top: number; bottom: number },
  { last, now }: { last: number; now: number },
): Sight {
  const jumps = before?.jumps === true && bottom < last;
  const stays = before?.atEnd === true && (top === before.top || jumps);
  const atEnd = stays || bottom >= last;
  return { top, atEnd, jumps, left: before?.atEnd && !atEnd ? now : (before?.left ?? Number.NEGATIVE_INFINITY) };
}

/** What is to be seen after lines were taken away or replaced: who was at the end until just now wants to be there. */
export function jump(before: Sight, now: number): Sight {
  const was = before.atEnd || now - before.left < TOGETHER;
  return { ...before, atEnd: was, jumps: was };
}
