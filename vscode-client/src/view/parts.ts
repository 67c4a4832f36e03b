import { l10n } from "vscode";
import type { Activity } from "../activity/activity";
import type { AgentOption, SessionInfo, SessionStats, TurnInfo } from "../generated/protocol";
import { valueName } from "../options/rows";
import type { Tool } from "../questions/details";
import { hasOptions } from "../sessions/states";
import { statsText } from "../stats/text";
import { oneLine } from "../text";
import { changedFiles } from "./files";
import { toLookAt } from "./findings";
import { leaf, type Node } from "./node";
import { usageText } from "./usage";

const WIDTH = 100;

/** Icons by what kind of thing a tool does, in the words of the protocol. */
const TOOLS: Record<string, string> = {
  read: "eye",
  edit: "edit",
  delete: "trash",
  move: "arrow-right",
  search: "search",
  execute: "terminal",
  think: "lightbulb",
  fetch: "globe",
};

/** What is below a session: what is wrong, what it does, what it changed, what it used, how it is set. */
export function parts(info: SessionInfo, activity: Activity, stats?: SessionStats): Node[] {
  const all = [
    problem(info),
    outdated(info),
    toLookAt(info, activity.findings),
    turn(info),
    ...activity.tools.map((tool) => toolCall(info, tool)),
    changedFiles(info, activity),
    usage(info),
    resources(info, stats),
    ...(hasOptions(info) ? info.options.map((option) => setting(info, option)) : []),
  ];
  return all.filter((node) => node !== undefined);
}

function setting({ id }: SessionInfo, option: AgentOption): Node {
  return leaf({
    id: `option:${id}:${option.id}`,
    label: oneLine(option.name, WIDTH),
    description: oneLine(valueName(option), WIDTH),
    tooltip: option.description,
    icon: { name: "settings" },
    traits: "option",
    command: "berth.setOption",
    session: id,
    option: option.id,
  });
}

function problem({ id, error }: SessionInfo): Node | undefined {
  return error
    ? leaf({
        id: `problem:${id}`,
        label: oneLine(error.message, WIDTH),
        tooltip: [error.message, error.hint].filter(Boolean).join("\n\n"),
        icon: { name: "error", color: "list.errorForeground" },
        command: "berth.showLogs",
        session: id,
      })
    : undefined;
}

function outdated({ id, outdated }: SessionInfo): Node | undefined {
  return outdated
    ? leaf({
        id: `outdated:${id}`,
        label: l10n.t("The settings have changed"),
        description: l10n.t("rebuild to apply them"),
        icon: { name: "warning", color: "list.warningForeground" },
        command: "berth.rebuild",
        session: id,
      })
    : undefined;
}

function turn(info: SessionInfo): Node | undefined {
  if (!info.turn) {
    return undefined;
  }
  const queued = info.queued > 0 ? l10n.t("{0} more in line", info.queued) : "";
  return leaf({
    id: `turn:${info.id}`,
    label: oneLine(info.turn.prompt, WIDTH),
    description: [turnText(info, info.turn), queued].filter(Boolean).join(" · "),
    tooltip: info.turn.prompt,
    icon: { name: "comment" },
    command: "berth.showTranscript",
    session: info.id,
  });
}

function turnText(info: SessionInfo, { state }: TurnInfo): string {
  switch (state) {
    case "complete":
      return l10n.t("done");
    case "cancelled":
      return l10n.t("cancelled");
    case "error":
      return l10n.t("failed");
    default:
      return info.activity ? oneLine(info.activity, WIDTH) : l10n.t("in progress");
  }
}

function toolCall(info: SessionInfo, { tool, title, family, status, locations }: Tool): Node {
  return leaf({
    id: `tool:${info.id}:${tool}`,
    label: oneLine(title, WIDTH) || l10n.t("Tool call"),
    description: status === "pending-confirmation" ? l10n.t("waits for you") : l10n.t("in progress"),
    tooltip: [title, ...locations.map(({ path }) => path)].join("\n"),
    icon: { name: TOOLS[family] ?? "tools" },
    traits: "tool",
    session: info.id,
  });
}

function resources({ id }: SessionInfo, stats: SessionStats | undefined): Node | undefined {
  const text = stats ? statsText(stats) : "";
  return text
    ? leaf({
        id: `stats:${id}`,
        label: l10n.t("Resources"),
        description: text,
        tooltip: l10n.t("What the container uses now. A click changes its limits."),
        icon: { name: "pulse" },
        command: "berth.setLimits",
        session: id,
      })
    : undefined;
}

function usage({ id, usage }: SessionInfo): Node | undefined {
  const text = usage ? usageText(usage) : "";
  return text
    ? leaf({ id: `usage:${id}`, label: l10n.t("Used"), description: text, icon: { name: "graph" } })
    : undefined;
}
