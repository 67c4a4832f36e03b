import type { SessionInfo, State } from "../generated/protocol";
import { readOnlySwitch } from "../options/read-only";

const BRINGING_UP: readonly State[] = ["planned", "building", "starting"];
const TALKING: readonly State[] = ["idle", "working", "waiting"];
const BUSY: readonly State[] = ["working", "waiting"];
const ENDED: readonly State[] = ["stopped", "failed"];

/** What can be asked of a session's state; each is a reason for a command to be offered. */
export const isComingUp = (info: SessionInfo): boolean => BRINGING_UP.includes(info.state);
export const isTalking = (info: SessionInfo): boolean => TALKING.includes(info.state);
export const isBusy = (info: SessionInfo): boolean => BUSY.includes(info.state);
export const isLive = (info: SessionInfo): boolean => isComingUp(info) || isTalking(info);
export const isEnded = (info: SessionInfo): boolean => ENDED.includes(info.state);
export const isWaiting = (info: SessionInfo): boolean => info.inputNeeded.length > 0;
export const isOutdated = (info: SessionInfo): boolean => info.outdated;
export const hasOptions = (info: SessionInfo): boolean => isTalking(info) && info.options.length > 0;
export const hasReadOnly = (info: SessionInfo): boolean =>
  isTalking(info) && readOnlySwitch(info.options) !== undefined;
export const isContained = (info: SessionInfo): boolean => isTalking(info) && Boolean(info.container);
export const isAny = (_info: SessionInfo): boolean => true;

/** The names by which menus and enablements ask for these. */
export const TRAITS: Readonly<Record<string, (info: SessionInfo) => boolean>> = {
  any: isAny,
  live: isLive,
  talking: isTalking,
  busy: isBusy,
  ended: isEnded,
  waiting: isWaiting,
  outdated: isOutdated,
  options: hasOptions,
  readOnly: hasReadOnly,
  contained: isContained,
};

/**
 * The session that a person means when they name none: one that waits for them, else the youngest that lives, else the
 * youngest.
 */
export function foremost(sessions: readonly SessionInfo[]): SessionInfo | undefined {
  const youngestFirst = [...sessions].sort((a, b) => b.startedAt - a.startedAt);
  return youngestFirst.find(isWaiting) ?? youngestFirst.find(isLive) ?? youngestFirst[0];
}

/** The sessions of a window: those of its folders, or all of them in a window without a folder. */
export function ofFolders(sessions: readonly SessionInfo[], folders: readonly string[]): SessionInfo[] {
  return sessions.filter((info) => folders.length === 0 || folders.includes(info.workspaceFolder));
}
