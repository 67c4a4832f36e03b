import * as vscode from "vscode";
import type { Berth } from "../berth";
import type { InputRequest, SessionInfo } from "../generated/protocol";
import { readFailure, sentence } from "../server/failure";
import type { Choice } from "./choices";

/** Sends an answer. Where another client was faster, says so and leaves it at that. */
export async function answer(berth: Berth, info: SessionInfo, request: InputRequest, choice: Choice): Promise<void> {
  try {
    await berth.server.run("agent.respond", {
      session: info.id,
      request: request.request,
      option: choice.option.id,
    });
  } catch (error) {
    const failure = readFailure(error);
    const show =
      failure.kind === "already-answered" ? vscode.window.showInformationMessage : vscode.window.showErrorMessage;
    void show(sentence(failure));
  }
}
