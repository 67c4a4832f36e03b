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

/** Berth's own answers about a host, by their ids, the safe one first and those that last behind. */
const REACHES: readonly string[] = ["no", "once", "session", "always", "never"];

/** The answers to a question, the safe one first. */
export function choices(request: InputRequest): Choice[] {
  if (request.purpose === "network") {
    return ofNetwork(request.options);
  }
  const options = [...request.options].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const words = wordsOf(request);
  return options.map((option) => ({ option, label: label(option, options, words), name: option.name }));
}

/**
 * The answers that a small notification has room for: yes or no, just this time. All of them when it has neither.
 *
 * What a workspace asks for is allowed only where all of it is shown, so there a notification has the no alone. About a
 * host it has all that ends with the session.
 */
export function brief(request: InputRequest): Choice[] {
  const all = choices(request);
  if (request.purpose === "trust") {
    return all.filter(({ option }) => option.kind === "reject_once");
  }
  if (request.purpose === "network") {
    const short = networkWordsInBrief();
    return all
      .filter((choice) => !isLasting(choice))
      .map((choice) => ({ ...choice, label: short[choice.option.id] ?? choice.label }));
  }
  const once = all.filter(({ option }) => option.kind === "reject_once" || option.kind === "allow_once");
  return once.length === 2 ? once : [...all];
}

/** Whether an answer reaches further than this one question, so that the agent's own name for it says how far. */
export function isLasting({ option }: Choice): boolean {
  return option.kind === "allow_always" || option.kind === "reject_always";
}

/** They differ in how far they reach, which their kinds do not tell. What a newer server offers keeps its own name. */
function ofNetwork(options: readonly Option[]): Choice[] {
  const rank = ({ id }: Option): number => (REACHES.includes(id) ? REACHES.indexOf(id) : REACHES.length);
  const words = networkWords();
  return [...options]
    .sort((a, b) => rank(a) - rank(b))
    .map((option) => ({ option, label: words[option.id] ?? option.name, name: option.name }));
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

/** A notification cuts what is longer, and has the question right above its buttons. */
function networkWordsInBrief(): Record<string, string> {
  return { once: l10n.t("For a Minute"), session: l10n.t("For This Session") };
}

function networkWords(): Record<string, string> {
  return {
    no: l10n.t("Don't Allow"),
    once: l10n.t("Allow for a Minute"),
    session: l10n.t("Allow for This Session"),
    always: l10n.t("Always Allow"),
    never: l10n.t("Never Allow"),
  };
}

function wordsOf({ purpose }: InputRequest): Words {
  const own: Partial<Record<InputRequest["purpose"], Words>> = { trust: trustWords(), ceiling: ceilingWords() };
  return own[purpose] ?? permissionWords();
}

function ceilingWords(): Words {
  return { reject_once: l10n.t("Stop"), allow_once: l10n.t("Go On") };
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
