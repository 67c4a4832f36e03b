import { l10n } from "vscode";
import type { InputRequest, SessionInfo } from "../generated/protocol";
import { choices } from "../questions/choices";
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

/** Questions of Berth's own that one line tells whole, so that their answers can stand below them. */
const WHOLE: readonly InputRequest["purpose"][] = ["network", "ceiling"];

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

/** A click asks it with all that is known. */
function question(info: SessionInfo, request: InputRequest): Node {
  const node = asked(info, request);
  return WHOLE.includes(request.purpose)
    ? { ...node, children: [...answers(node, request), ...fixes(node, request)] }
    : node;
}

function answers({ id, session }: Node, request: InputRequest): Node[] {
  return choices(request).map(({ option, label }) =>
    leaf({
      id: `answer:${id}:${option.id}`,
      label: oneLine(label, WIDTH),
      icon: { name: option.kind.startsWith("reject") ? "circle-slash" : "check" },
      command: "berth.answer",
      ...(session !== undefined && { session }),
      request: request.request,
      option: option.id,
    }),
  );
}

/** What mends it beside an answer: a session that wants more processes can be given them, and a full disk room. */
function fixes({ id, session }: Node, { ceiling }: InputRequest): Node[] {
  if (ceiling === "processes" && session !== undefined) {
    const label = l10n.t("Change Limits…");
    return [{ ...leaf({ id: `fix:${id}`, label, icon: { name: "settings" }, command: "berth.setLimits" }), session }];
  }
  return ceiling === "disk"
    ? [leaf({ id: `fix:${id}`, label: l10n.t("Prune…"), icon: { name: "trash" }, command: "berth.prune" })]
    : [];
}

function asked(info: SessionInfo, request: InputRequest): Node {
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
