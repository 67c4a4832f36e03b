import * as vscode from "vscode";
import type { Berth } from "../berth";
import type { InputRequest, SessionInfo } from "../generated/protocol";
import { unlinked } from "../text";
import { answer } from "./answer";
import { brief, type Choice, choices, isLasting } from "./choices";
import { details } from "./details";
import { diffsOf, type FileDiff } from "./diffs";
import { briefTitle, fullTitle } from "./titles";

interface Button extends vscode.MessageItem {
  choice?: Choice;
}

/**
 * Asks in a notification, which a person may leave for later: status item and sessions view keep saying that the agent
 * waits.
 *
 * `Show Diff` opens what the tool call would change, and asks again beside it. `Details…` goes on to the dialog that shows
 * everything and offers every answer.
 */
export async function notify(berth: Berth, info: SessionInfo, request: InputRequest): Promise<void> {
  await berth.activities.upTo(info.id, info.seq); // what the question is about may be told after it
  const diffs = diffsOf(berth.activities.of(info.id).tool(request.tool), info.workspaceFolder);
  const look: Button = { title: vscode.l10n.t("Show Diff") };
  const more: Button = { title: vscode.l10n.t("Details…") };
  const buttons = [...brief(request).map(button), ...(diffs.length > 0 ? [look] : []), more];
  const chosen = await vscode.window.showWarningMessage(unlinked(briefTitle(info, request)), ...buttons);
  if (chosen === look) {
    await showDiffs(berth, info, diffs);
    await again(berth, info, request);
  } else if (chosen === more) {
    await ask(berth, info, request);
  } else if (chosen?.choice) {
    await answer(berth, info, request, chosen.choice);
  }
}

/** Asks what is still open. */
async function again(berth: Berth, info: SessionInfo, request: InputRequest): Promise<void> {
  if (isOpen(berth, info, request)) {
    await notify(berth, info, request);
  }
}

async function showDiffs({ pages }: Berth, info: SessionInfo, diffs: readonly FileDiff[]): Promise<void> {
  for (const diff of diffs) {
    await pages.diff(diff, vscode.l10n.t("{0} (asked for by {1})", diff.name, info.name));
  }
}

/** Asks in a dialog with all that is known. Escape leaves the question open; what was answered is not asked. */
export async function ask(berth: Berth, info: SessionInfo, request: InputRequest): Promise<void> {
  if (!isOpen(berth, info, request)) {
    void vscode.window.showInformationMessage(vscode.l10n.t("This question was answered already."));
    return;
  }
  const offered = choices(request);
  const buttons: Button[] = offered.map(button);
  const later: Button = { title: vscode.l10n.t("Later"), isCloseAffordance: true };
  const detail = [whole(berth, info, request), lasting(request, offered)].filter(Boolean).join("\n\n");
  const chosen = await vscode.window.showWarningMessage(
    fullTitle(info, request),
    { modal: true, detail },
    ...buttons,
    later,
  );
  if (chosen?.choice) {
    await answer(berth, info, request, chosen.choice);
  }
}

function whole(berth: Berth, info: SessionInfo, request: InputRequest): string {
  return details(request, berth.activities.of(info.id).tool(request.tool), info.workspaceFolder);
}

/** What an agent says about answers that reach further than this question. Berth's own words need no second ones. */
function lasting({ purpose }: InputRequest, offered: readonly Choice[]): string {
  const told = purpose !== "permission" ? [] : offered.filter(isLasting);
  return told.map(({ label, name }) => `${label}: ${name}`).join("\n");
}

function isOpen({ sessions }: Berth, { id }: SessionInfo, { request }: InputRequest): boolean {
  return sessions.find(id)?.inputNeeded.some((open) => open.request === request) === true;
}

function button(choice: Choice): Button {
  return { title: choice.label, choice };
}
