import * as vscode from "vscode";
import type { Berth } from "../berth";
import { answer as send } from "../questions/answer";
import { choices } from "../questions/choices";
import { ask } from "../questions/dialog";
import { pickSession } from "../sessions/pick";
import { isWaiting } from "../sessions/states";
import type { Target } from "./target";

/**
 * Asks an open question again: the one that is meant, else the oldest of a session. Where an answer was clicked on in the
 * view, gives that one.
 */
export async function answer(berth: Berth, target: Target): Promise<void> {
  const refusal = vscode.l10n.t("No agent is waiting for you.");
  const info = await pickSession(berth, target, { fits: isWaiting, refusal });
  const request = info?.inputNeeded.find((open) => !target.request || open.request === target.request);
  if (!info || !request) {
    return;
  }
  const given = choices(request).find(({ option }) => option.id === target.option);
  await (given ? send(berth, info, request, given) : ask(berth, info, request));
}
