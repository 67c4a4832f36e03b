import { l10n } from "vscode";
import type { InputRequest, Option, OptionKind } from "../generated/protocol";

/** One answer as it is offered: our word for what it means, and the agent's own name for it. */
export interface Choice {
  option: Option;
  label: string;
  name: string;
}

type Words = Partial<Record<OptionKind, string>>;

/** Safe answers first: whoever presses Enter without reading has allowed nothing. */
const ORDER: readonly OptionKind[] = ["reject_once", "reject_always", "allow_once", "allow_always", "other"];

/** The answers to a question, the safe one first. */
export function choices(request: InputRequest): Choice[] {
  const options = [...request.options].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const words = request.purpose === "trust" ? trustWords() : permissionWords();
  return options.map((option) => ({ option, label: label(option, options, words), name: option.name }));
}

/**
 * The answers that a small notification has room for: yes or no, just this time. All of them when it has neither.
 *
 * What a workspace asks for is allowed only where all of it is shown, so there a notification has the no alone.
 */
export function brief(request: InputRequest): Choice[] {
  const all = choices(request);
  if (request.purpose === "trust") {
    return all.filter(({ option }) => option.kind === "reject_once");
  }
  const once = all.filter(({ option }) => option.kind === "reject_once" || option.kind === "allow_once");
  return once.length === 2 ? once : [...all];
}

/** Whether an answer reaches further than this one question, so that the agent's own name for it says how far. */
export function isLasting({ option }: Choice): boolean {
  return option.kind === "allow_always" || option.kind === "reject_always";
}

/**
 * Our word for what an option does, so that an agent cannot call its yes a no. Where two options mean the same, its own
 * name tells them apart.
 */
function label(option: Option, among: readonly Option[], words: Words): string {
  const word = words[option.kind];
  if (word === undefined) {
    return option.name;
  }
  const alone = among.filter(({ kind }) => kind === option.kind).length === 1;
  return alone ? word : `${word}: ${option.name}`;
}

function permissionWords(): Words {
  return {
    reject_once: l10n.t("Reject"),
    reject_always: l10n.t("Always Reject"),
    allow_once: l10n.t("Allow Once"),
    allow_always: l10n.t("Always Allow"),
  };
}

function trustWords(): Words {
  return {
    reject_once: l10n.t("Don't Allow"),
    allow_once: l10n.t("Allow for This Session"),
    allow_always: l10n.t("Allow for This Workspace"),
  };
}
