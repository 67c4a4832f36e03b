import { isRecord } from "../server/records";

/** What a command is for, where it was not called from the palette: an entry of the sessions view, or another command. */
export interface Target {
  session?: string;
  request?: string;
  option?: string;
  path?: string;
}

/** Reads the first argument of a command. Menus of editor and explorer pass other things, and then there is no target. */
export function targetOf(argument: unknown): Target {
  if (!isRecord(argument)) {
    return {};
  }
  const read = (key: keyof Target): Target => (typeof argument[key] === "string" ? { [key]: argument[key] } : {});
  return { ...read("session"), ...read("request"), ...read("option"), ...read("path") };
}
