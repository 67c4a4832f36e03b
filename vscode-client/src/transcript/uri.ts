import { clock } from "../clock";
import type { SessionInfo } from "../generated/protocol";

/** Scheme of the documents in which this client shows transcripts. */
export const SCHEME = "berth-transcript";

const HEAD = "berth://session/";
const TAIL = ".md";

/** Characters of a name that a tab has room for. */
const WIDTH = 60;

/** The address of a session's transcript at the server. */
export function transcriptUri(session: string): string {
  return `${HEAD}${session}${TAIL}`;
}

/** The session whose transcript the server has at an address; undefined for any other address. */
export function sessionAt(uri: string): string | undefined {
  const is = uri.startsWith(HEAD) && uri.endsWith(TAIL);
  return is ? decodeURIComponent(uri.slice(HEAD.length, -TAIL.length)) || undefined : undefined;
}

/** The path of the document in which a transcript is shown: its last part is what the tab says. Sessions of a folder are told apart by when they began. */
export function pagePath({ id: session, name, startedAt }: Pick<SessionInfo, "id" | "name" | "startedAt">): string {
  const readable = `${name.replace(/[/\\]/g, "-").slice(0, WIDTH).trim()} ${clock(startedAt)}`.trim();
  return `/${encodeURIComponent(session)}/${readable}${TAIL}`;
}

/** The session that a path of ours is about. */
export function sessionOfPath(path: string): string {
  return decodeURIComponent(path.split("/")[1] ?? "");
}
