import { isAbsolute, relative } from "node:path";
import { findProgram, type Places, type Program } from "./program";

/** Where a server may come from. */
export interface Sources {
  /** What the user wrote into `berth.serverCommand`; empty when they leave it to us. */
  command: readonly string[];
  places: Places;
  /** The Python of the environment that this extension made, once it is whole. */
  environment: () => Promise<string | undefined>;
  /** The interpreter that is chosen in the Python extension. */
  interpreter: () => Promise<string | undefined>;
  /** Whether an interpreter has Berth. */
  hasBerth: (python: string) => Promise<boolean>;
  /** The open folders. */
  folders: readonly string[];
}

/**
 * The server to start: the user's own command and nothing else; without one the extension's own environment, `berth` on
 * the search path, or the interpreter of the Python extension.
 *
 * An interpreter in an open folder is never taken: a repository brings its own, and an agent can write there.
 */
export async function findServer(sources: Sources): Promise<Program | undefined> {
  if (sources.command.length > 0) {
    return findProgram(sources.command, sources.places);
  }
  const environment = await sources.environment();
  if (environment !== undefined) {
    return serveWith(environment);
  }
  return (await findProgram(["berth", "serve"], sources.places)) ?? (await withInterpreter(sources));
}

/** Python that serves. `-P` keeps the folder it is started in out of what it imports: a repository may have a `berth`. */
export function serveWith(python: string): Program {
  return { path: python, args: ["-P", "-m", "berth", "serve"] };
}

/** Whether a path is in one of these folders. */
export function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const inside = relative(folder, path);
    return !inside.startsWith("..") && !isAbsolute(inside);
  });
}

async function withInterpreter({ interpreter, hasBerth, folders }: Sources): Promise<Program | undefined> {
  const python = await interpreter();
  if (python === undefined || !isAbsolute(python) || isWithin(python, folders)) {
    return undefined;
  }
  return (await hasBerth(python)) ? serveWith(python) : undefined;
}
