import { l10n } from "vscode";
import type { InputRequest, SessionInfo } from "../generated/protocol";
import { oneLine } from "../text";
import { shortName } from "./name";
import { leaf, type Node } from "./node";

const WIDTH = 120;

const ICONS: Record<InputRequest["purpose"], string> = {
  permission: "question",
  form: "question",
  url: "link-external",
  trust: "shield",
  network: "globe",
  ceiling: "debug-pause",
};

/** All that waits for a person, on top of everything else; undefined when nothing does. */
export function pending(sessions: readonly SessionInfo[]): Node | undefined {
  const questions = sessions.flatMap((info) => info.inputNeeded.map((request) => question(info, request)));
  if (questions.length === 0) {
    return undefined;
  }
  return {
    id: "pending",
    label: l10n.t("Waiting for You"),
    description: String(questions.length),
    icon: { name: "bell-dot", color: "list.warningForeground" },
    traits: "pending",
    children: questions,
    open: true,
  };
}

function question(info: SessionInfo, request: InputRequest): Node {
  return leaf({
    id: `question:${info.id}:${request.request}`,
    label: oneLine(request.title, WIDTH),
    description: shortName(info),
    tooltip: request.detail || request.title,
    icon: { name: ICONS[request.purpose] },
    traits: "question",
    command: "berth.answer",
    session: info.id,
    request: request.request,
  });
}
