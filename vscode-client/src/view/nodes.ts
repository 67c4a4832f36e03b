import { basename } from "node:path";
import { l10n } from "vscode";
import type { Activity } from "../activity/activity";
import { clock } from "../clock";
import type { ImageProgress, SessionInfo, SessionStats, State } from "../generated/protocol";
import { TRAITS } from "../sessions/states";
import { stateText } from "../status/look";
import { shortName } from "./name";
import type { Node } from "./node";
import { parts } from "./parts";
import { pending } from "./questions";

/** What the view shows. */
export interface Shown {
  sessions: readonly SessionInfo[];
  activity: (session: string) => Activity;
  step: (session: string) => ImageProgress | undefined;
  stats?: (session: string) => SessionStats | undefined;
}

const ICONS: Record<State, { name: string; color?: string }> = {
  planned: { name: "loading~spin" },
  building: { name: "loading~spin" },
  starting: { name: "loading~spin" },
  idle: { name: "circle-filled", color: "charts.green" },
  working: { name: "loading~spin", color: "charts.green" },
  waiting: { name: "bell-dot", color: "list.warningForeground" },
  stopping: { name: "loading~spin" },
  stopped: { name: "circle-outline" },
  failed: { name: "error", color: "list.errorForeground" },
};

/** The whole tree: what waits for a person, then sessions, by folder where they are of several. The youngest first. */
export function roots(shown: Shown): Node[] {
  const youngestFirst = [...shown.sessions].sort((a, b) => b.startedAt - a.startedAt);
  const folders = [...new Set(youngestFirst.map((info) => info.workspaceFolder))].sort();
  const waiting = pending(youngestFirst);
  const sessions =
    folders.length < 2
      ? youngestFirst.map((info) => session(info, shown))
      : folders.map((folder) => ofFolder(folder, youngestFirst, shown));
  return [...(waiting ? [waiting] : []), ...sessions];
}

function ofFolder(folder: string, all: readonly SessionInfo[], shown: Shown): Node {
  return {
    id: `folder:${folder}`,
    label: basename(folder),
    tooltip: folder,
    icon: { name: "root-folder" },
    traits: "folder",
    children: all.filter((info) => info.workspaceFolder === folder).map((info) => session(info, shown)),
    open: true,
  };
}

function session(info: SessionInfo, { sessions, activity, step, stats }: Shown): Node {
  return {
    id: `session:${info.id}`,
    label: shortName(info),
    description: sessionText(info, step(info.id), sessions),
    tooltip: tooltip(info),
    icon: ICONS[info.state],
    traits: ["session", ...traits(info)].join(" "),
    session: info.id,
    children: parts(info, activity(info.id), stats?.(info.id)),
    open: true,
  };
}

/** Sessions of one name are told apart by when they began, as their transcripts are. */
function sessionText(info: SessionInfo, step: ImageProgress | undefined, all: readonly SessionInfo[]): string {
  const marks = [
    all.filter(({ name }) => name === info.name).length > 1 ? clock(info.startedAt) : "",
    info.mode === "host" ? l10n.t("⚠ on this machine") : "",
    info.outdated ? l10n.t("settings changed") : "",
  ];
  return [stateText(info, step), ...marks].filter(Boolean).join(" · ");
}

function tooltip(info: SessionInfo): string {
  const where = info.mode === "host" ? l10n.t("On this machine, without a container") : info.image;
  return [
    info.name,
    l10n.t("Agent: {0}", info.agent),
    info.profile ? l10n.t("Profile: {0}", info.profile) : "",
    where ?? "",
    info.network ? l10n.t("Network: {0}", info.network) : "",
    info.workspaceFolder,
    info.exit?.reason ?? "",
  ]
    .filter(Boolean)
    .join("\n");
}

function traits(info: SessionInfo): string[] {
  return Object.entries(TRAITS)
    .filter(([, holds]) => holds(info))
    .map(([trait]) => trait);
}
