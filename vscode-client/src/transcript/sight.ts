/** What is seen of a growing document: the first line, and whether the last one is in sight or should be. */
export interface Sight {
  top: number;
  atEnd: boolean;
}

/**
 * What is seen after the visible lines changed to `top`–`bottom` of a document whose last line is `last`.
 *
 * Whoever scrolls moves the top. When only the bottom moves up, the window got smaller or the document longer: who was at
 * the end wants to stay there.
 */
export function look(before: Sight | undefined, { top, bottom }: { top: number; bottom: number }, last: number): Sight {
  const stays = before?.atEnd === true && top === before.top;
  return { top, atEnd: stays || bottom >= last };
}
