import { l10n } from "vscode";
import { type Findings, isGrave, keyOf } from "../activity/findings";
import { within } from "../findings/text";
import type { SessionInfo, WritebackFinding } from "../generated/protocol";
import { oneLine } from "../text";
import { leaf, type Node } from "./node";

const WIDTH = 100;
const GRAVE = { name: "warning", color: "list.warningForeground" };

/** What could run on this machine by itself, each thing one click away; undefined when nothing is to be looked at. */
export function toLookAt(info: SessionInfo, findings: Findings): Node | undefined {
  const { all, truncated } = findings;
  if (all.length === 0) {
    return undefined;
  }
  return {
    id: `findings:${info.id}`,
    label: l10n.t("Can Run on This Machine"),
    description: truncated ? l10n.t("{0} and more", all.length) : String(all.length),
    tooltip: l10n.t(
      "Git, editors, shells and tools run these by themselves, with your rights and outside the container. Look at each before you use them in this folder.",
    ),
    icon: all.some(isGrave) ? GRAVE : { name: "info" },
    traits: "findings",
    session: info.id,
    children: all.map((finding) => one(info, finding)),
    open: all.some(isGrave),
  };
}

function one({ id, workspaceFolder }: SessionInfo, finding: WritebackFinding): Node {
  const what = oneLine(finding.what, WIDTH);
  return leaf({
    id: `finding:${id}:${keyOf(finding)}`,
    label: oneLine(within(finding.path, workspaceFolder), WIDTH),
    description: what,
    tooltip: `${oneLine(finding.path, 2 * WIDTH)}\n${what}`,
    icon: isGrave(finding) ? GRAVE : { name: "info" },
    traits: "finding",
    command: "berth.openChange",
    session: id,
    path: finding.path,
  });
}
