/** What is seen of a growing document: the first line, and whether the last one is in sight or should be. */
export interface Sight {
  top: number;
  atEnd: boolean;
  /** Lines above were taken away: until the end is in sight again, that the top moves is nobody's scrolling. */
  jumps: boolean;
}

/**
 * What is seen after the visible lines changed to `top`–`bottom` of a document whose last line is `last`.
 *
 * Whoever scrolls moves the top. When only the bottom moves up, the window got smaller or the document longer: who was at
 * the end wants to stay there, and so does who was there when a long page lost its beginning.
 */
export function look(before: Sight | undefined, { top, bottom }: { top: number; bottom: number }, last: number): Sight {
  const jumps = before?.jumps === true && bottom < last;
  const stays = before?.atEnd === true && (top === before.top || jumps);
  return { top, atEnd: stays || bottom >= last, jumps };
}
