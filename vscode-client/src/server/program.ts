import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** A program that can be started, with its arguments. */
export interface Program {
  path: string;
  args: string[];
}

/** What is needed of the process: its search path and, for `~`, the home folder. */
export interface Places {
  searchPath: string;
  home: string;
}

/**
 * Finds the program that a command names, on the search path unless it is a path itself.
 *
 * Answers undefined when there is none, so that a person can be told before a process fails.
 */
export async function findProgram(command: readonly string[], places: Places): Promise<Program | undefined> {
  const [name, ...args] = command;
  if (!name) {
    return undefined;
  }
  for (const path of candidates(name, places)) {
    if (await isExecutable(path)) {
      return { path, args };
    }
  }
  return undefined;
}

function candidates(name: string, { searchPath, home }: Places): string[] {
  const expanded = name.startsWith("~/") ? join(home, name.slice(2)) : name;
  if (isAbsolute(expanded)) {
    return [expanded];
  }
  if (expanded.includes("/")) {
    return []; // relative to what? A workspace must never decide which program starts.
  }
  return searchPath
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, expanded));
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
