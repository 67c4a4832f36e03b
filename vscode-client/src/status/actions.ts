import { l10n } from "vscode";
import type { SessionInfo } from "../generated/protocol";
import type { ServerState } from "../server/server";
import { isBusy, isContained, isEnded, isLive, isOutdated, isTalking, isWaiting } from "../sessions/states";

/** One thing that can be done. */
export interface Action {
  label: string;
  command: string;
}

/** What can be done now, the likeliest first. */
export function actionsFor(server: ServerState, info: SessionInfo | undefined): Action[] {
  if (server === "missing" || server === "stopped") {
    return [
      { label: `$(refresh) ${l10n.t("Start the Server Again")}`, command: "berth.restartServer" },
      { label: `$(cloud-download) ${l10n.t("Set Up Server…")}`, command: "berth.setUpServer" },
      { label: `$(output) ${l10n.t("Show Logs")}`, command: "berth.showLogs" },
    ];
  }
  const start = { label: `$(play) ${l10n.t("Start in Container")}`, command: "berth.start" };
  const plan = { label: `$(list-tree) ${l10n.t("Explain Plan")}`, command: "berth.explainPlan" };
  return info ? [...ofSession(info), start] : [start, plan];
}

function ofSession(info: SessionInfo): Action[] {
  const rebuild = info.outdated ? l10n.t("Rebuild to Apply the Changed Settings") : l10n.t("Rebuild");
  const rows: [boolean, string, string, string][] = [
    [isWaiting(info), "question", l10n.t("Answer: {0}", info.inputNeeded[0]?.title ?? ""), "berth.answer"],
    [isOutdated(info), "warning", rebuild, "berth.rebuild"],
    [isTalking(info), "comment", l10n.t("Prompt…"), "berth.prompt"],
    [isEnded(info), "debug-restart", l10n.t("Restart"), "berth.restart"],
    [true, "book", l10n.t("Show Transcript"), "berth.showTranscript"],
    [true, "list-tree", l10n.t("Show All Sessions"), "berth.sessions.focus"],
    [true, "output", l10n.t("Show Logs"), "berth.showLogs"],
    [isTalking(info), "terminal", l10n.t("Open Shell in Container"), "berth.openShell"],
    [isContained(info), "window", l10n.t("Attach Window to Container"), "berth.attachWindow"],
    [isBusy(info), "circle-slash", l10n.t("Cancel Turn"), "berth.cancel"],
    [isLive(info), "debug-stop", l10n.t("Stop"), "berth.stop"],
    [!isOutdated(info), "refresh", rebuild, "berth.rebuild"],
  ];
  return rows
    .filter(([offered]) => offered)
    .map(([, icon, label, command]) => ({ label: `$(${icon}) ${label}`, command }));
}
