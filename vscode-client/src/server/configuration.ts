import type {
  CancellationToken,
  ConfigurationItem,
  ConfigurationParams,
  ConfigurationRequest,
} from "vscode-languageclient/node";
import { SETTINGS } from "../generated/protocol";
import { isRecord } from "./records";

const SECTION = "berth";

/** Settings that say how to start the server and what to trace; they are nothing to it. */
const OWN = ["serverCommand", "trace"];

/** What VS Code has for one folder. */
export interface Looking {
  /** Whether the user trusts the workspace. */
  isTrusted(): boolean;
  /** What each scope says for a setting, by its name below `berth`. */
  inspect(item: ConfigurationItem, name: string): Inspected | undefined;
}

/** The values of one setting by scope, as `WorkspaceConfiguration.inspect` answers them. */
export interface Inspected {
  defaultValue?: unknown;
  globalValue?: unknown;
  workspaceValue?: unknown;
  workspaceFolderValue?: unknown;
}

/** The section for the server: settings by scope, under their names below `berth`. */
export interface Scopes {
  $scopes: Record<"user" | "workspace" | "folder", Record<string, unknown>>;
  $trusted: boolean;
}

/** Answers `workspace/configuration` for our section by scope, and as VS Code does for any other. */
export function byScope(looking: Looking): ConfigurationRequest.MiddlewareSignature {
  return async (params: ConfigurationParams, token: CancellationToken, next: ConfigurationRequest.HandlerSignature) => {
    const answer: unknown = await next(params, token);
    const merged = Array.isArray(answer) ? answer : [];
    return params.items.map((item, index) =>
      item.section === SECTION ? scopesOf(item, merged[index], looking) : merged[index],
    );
  };
}

function scopesOf(item: ConfigurationItem, merged: unknown, looking: Looking): Scopes {
  const scopes: Scopes = { $scopes: { user: {}, workspace: {}, folder: {} }, $trusted: looking.isTrusted() };
  for (const name of namesIn(merged)) {
    const inspected = looking.inspect(item, name);
    put(scopes.$scopes.user, name, inspected?.globalValue);
    put(scopes.$scopes.workspace, name, inspected?.workspaceValue);
    put(scopes.$scopes.folder, name, inspected?.workspaceFolderValue);
  }
  return scopes;
}

/** Every setting that there is, and everything else that somebody wrote: the server says what is wrong with it. */
export function namesIn(merged: unknown): string[] {
  const unknown = isRecord(merged) ? [...others(merged, "")] : [];
  return [...SETTINGS, ...unknown].filter((name) => !OWN.includes(name.split(".")[0] ?? ""));
}

function* others(section: Record<string, unknown>, prefix: string): Generator<string> {
  for (const [key, value] of Object.entries(section)) {
    const name = `${prefix}${key}`;
    if ((SETTINGS as readonly string[]).includes(name)) {
      continue;
    }
    if (isRecord(value) && SETTINGS.some((setting) => setting.startsWith(`${name}.`))) {
      yield* others(value, `${name}.`);
    } else {
      yield name;
    }
  }
}

function put(scope: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined) {
    scope[name] = value;
  }
}
