import * as vscode from "vscode";
import { isGrave, keyOf } from "../activity/findings";
import type { Berth } from "../berth";
import type { SessionInfo, WritebackFinding } from "../generated/protocol";
import { unlinked } from "../text";
import { warningText } from "./text";

/** Warns once of everything that git, an editor or a shell would run by itself; the view lists the rest, too. */
export function watchFindings({ activities, sessions }: Berth): vscode.Disposable {
  const told = new Set<string>();
  return activities.onChange((id) => {
    const info = sessions.find(id);
    const key = (finding: WritebackFinding): string => JSON.stringify([id, keyOf(finding)]);
    const news = activities.of(id).findings.all.filter((finding) => isGrave(finding) && !told.has(key(finding)));
    if (info && news.length > 0) {
      news.forEach((finding) => {
        told.add(key(finding));
      });
      void warn(info, news);
    }
  });
}

async function warn(info: SessionInfo, findings: readonly WritebackFinding[]): Promise<void> {
  const show = vscode.l10n.t("Show List");
  if ((await vscode.window.showWarningMessage(unlinked(warningText(info, findings)), show)) === show) {
    await vscode.commands.executeCommand("berth.sessions.focus");
  }
}
