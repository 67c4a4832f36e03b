import { l10n } from "vscode";
import type { ImageProgress, SessionInfo, State } from "../generated/protocol";
import type { ServerState } from "../server/server";
import { isEnded } from "../sessions/states";

/** How the status item looks. */
export interface Look {
  text: string;
  tooltip: string;
  background: "statusBarItem.warningBackground" | "statusBarItem.errorBackground" | undefined;
}

const ICONS: Record<State, string> = {
  planned: "circle-outline",
  building: "sync~spin",
  starting: "sync~spin",
  idle: "circle-filled",
  working: "loading~spin",
  waiting: "bell-dot",
  stopping: "sync~spin",
  stopped: "circle-outline",
  failed: "error",
};

/** The look for the foremost session, or for none. Of `all` sessions those that have not ended are summed up. */
export function look(
  server: ServerState,
  info: SessionInfo | undefined,
  step: ImageProgress | undefined,
  all: readonly SessionInfo[] = [],
): Look {
  if (server === "missing" || server === "stopped") {
    return {
      text: `$(warning) ${l10n.t("Agent: No Server")}`,
      tooltip: l10n.t("The Berth server does not run. Click to see what can be done."),
      background: "statusBarItem.warningBackground",
    };
  }
  if (info === undefined) {
    return {
      text: `$(${ICONS.stopped}) ${l10n.t("Agent: {0}", word("stopped"))}`,
      tooltip: l10n.t("No agent session in this window. Click to start one."),
      background: undefined,
    };
  }
  return {
    text: `$(${ICONS[info.state]}) ${l10n.t("Agent: {0}", [stateText(info, step), place(info), more(info, all)].filter(Boolean).join(" "))}`,
    tooltip: [info.name, info.activity, info.error?.message, network(info), outdated(info), summary(all)]
      .filter(Boolean)
      .join(" · "),
    background: background(info.state),
  };
}

/** The state as a person reads it, with the step of a build. */
export function stateText(info: SessionInfo, step: ImageProgress | undefined): string {
  if (info.state === "building" && step?.current && step.total) {
    return l10n.t("{0} {1}/{2}", word("building"), step.current, step.total);
  }
  return word(info.state);
}

function place({ mode }: SessionInfo): string {
  return mode === "host" ? l10n.t("(on this machine)") : "";
}

/** How many sessions there are beside the one that is shown. */
function more(shown: SessionInfo, all: readonly SessionInfo[]): string {
  const others = all.filter((info) => info.id !== shown.id && !isEnded(info)).length;
  return others === 0 ? "" : `+${others}`;
}

/** How many sessions are in which state, where there are several. */
function summary(all: readonly SessionInfo[]): string {
  const words = all.filter((info) => !isEnded(info)).map((info) => word(info.state));
  const counts = [...new Set(words)].map((state) => `${words.filter((other) => other === state).length} × ${state}`);
  return words.length < 2 ? "" : counts.join(", ");
}

/** What it may reach, where it runs: before the start there is the plan for that. */
function network(info: SessionInfo): string | undefined {
  return info.network && !isEnded(info) ? l10n.t("Network: {0}", info.network) : undefined;
}

function outdated(info: SessionInfo): string | undefined {
  return info.outdated ? l10n.t("The settings have changed: rebuild to apply them") : undefined;
}

function word(state: State): string {
  const words: Record<State, string> = {
    planned: l10n.t("Off"),
    building: l10n.t("Building image"),
    starting: l10n.t("Starting"),
    idle: l10n.t("Running"),
    working: l10n.t("Running"),
    waiting: l10n.t("Waiting for you"),
    stopping: l10n.t("Stopping"),
    stopped: l10n.t("Off"),
    failed: l10n.t("Error"),
  };
  return words[state];
}

function background(state: State): Look["background"] {
  if (state === "waiting") {
    return "statusBarItem.warningBackground";
  }
  return state === "failed" ? "statusBarItem.errorBackground" : undefined;
}
