import { l10n } from "vscode";
import type { AgentOption } from "../generated/protocol";

/** One option as a list shows it. */
export interface OptionRow {
  label: string;
  description: string;
  detail: string;
  option: AgentOption;
}

/** One value of an option as a list shows it. */
export interface ValueRow {
  label: string;
  description: string;
  detail: string;
  value: string;
}

/** What can be changed, with what it is now. */
export function optionRows(options: readonly AgentOption[]): OptionRow[] {
  return options.map((option) => ({
    label: option.name,
    description: valueName(option),
    detail: option.description,
    option,
  }));
}

/** What an option can be, the one that it is marked. */
export function valueRows(option: AgentOption): ValueRow[] {
  return choicesOf(option).map(({ value, name, description }) => ({
    label: name,
    description: value === option.value ? l10n.t("now") : "",
    detail: description,
    value,
  }));
}

/** What people call the value that an option has. */
export function valueName(option: AgentOption): string {
  return choicesOf(option).find(({ value }) => value === option.value)?.name ?? option.value;
}

function choicesOf({ type, choices }: AgentOption): AgentOption["choices"] {
  const onAndOff = [
    { value: "true", name: l10n.t("On"), description: "" },
    { value: "false", name: l10n.t("Off"), description: "" },
  ];
  return type === "boolean" ? onAndOff : choices;
}
