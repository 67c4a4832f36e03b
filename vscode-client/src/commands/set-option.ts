import * as vscode from "vscode";
import type { Berth } from "../berth";
import type { AgentOption } from "../generated/protocol";
import { optionRows, valueRows } from "../options/rows";
import { pickSession } from "../sessions/pick";
import { hasOptions } from "../sessions/states";
import type { Target } from "./target";

/** Changes a mode, model or other option of a running agent. */
export async function setOption(berth: Berth, target: Target): Promise<void> {
  const refusal = vscode.l10n.t("No agent runs here that has a mode or model to change.");
  const info = await pickSession(berth, target, { fits: hasOptions, refusal });
  const option = info && (await pickOption(info.options, target.option));
  const picked = option && (await vscode.window.showQuickPick(valueRows(option), { title: option.name }));
  if (info && option && picked && picked.value !== option.value) {
    await berth.server.run("agent.setOption", { session: info.id, option: option.id, value: picked.value });
  }
}

async function pickOption(
  options: readonly AgentOption[],
  wanted: string | undefined,
): Promise<AgentOption | undefined> {
  const found = options.length === 1 ? options[0] : options.find(({ id }) => id === wanted);
  if (found) {
    return found;
  }
  const placeHolder = vscode.l10n.t("What is to be changed?");
  return (await vscode.window.showQuickPick(optionRows(options), { placeHolder }))?.option;
}
