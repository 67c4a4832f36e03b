import { l10n } from "vscode";
import type { SessionInfo } from "../generated/protocol";
import type { ServerState } from "../server/server";
import { isBusy, isLive, isTalking, isWaiting } from "../sessions/states";

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
      { label: `$(output) ${l10n.t("Show Logs")}`, command: "berth.showLogs" },
    ];
  }
  const start = { label: `$(play) ${l10n.t("Start in Container")}`, command: "berth.start" };
  return info ? [...ofSession(info), start] : [start];
}

function ofSession(info: SessionInfo): Action[] {
  const rows: [boolean, string, string, string][] = [
    [isWaiting(info), "question", l10n.t("Answer: {0}", info.inputNeeded[0]?.title ?? ""), "berth.answer"],
    [isTalking(info), "comment", l10n.t("Prompt"), "berth.prompt"],
    [true, "book", l10n.t("Show Transcript"), "berth.showTranscript"],
    [true, "output", l10n.t("Show Logs"), "berth.showLogs"],
    [isBusy(info), "circle-slash", l10n.t("Cancel the Turn"), "berth.cancel"],
    [isLive(info), "debug-stop", l10n.t("Stop"), "berth.stop"],
    [true, "refresh", l10n.t("Rebuild"), "berth.rebuild"],
  ];
  return rows
    .filter(([offered]) => offered)
    .map(([, icon, label, command]) => ({ label: `$(${icon}) ${label}`, command }));
}
