import { basename } from "node:path";
import type { SessionInfo } from "../generated/protocol";
import { oneLine } from "../text";

const WIDTH = 80;

/** A session's name where its folder is known from what stands around: there is little room in a side bar. */
export function shortName({ name, workspaceFolder }: SessionInfo): string {
  const place = ` in ${basename(workspaceFolder)}`;
  return oneLine(name.endsWith(place) ? name.slice(0, -place.length) : name, WIDTH);
}
