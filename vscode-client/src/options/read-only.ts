import type { AgentOption } from "../generated/protocol";

/** Modes in which an agent says that it changes nothing: `read-only` is Codex's word, `plan` that of most others. */
const READ_ONLY = ["plan", "read-only"];

/** What to set to switch an agent's read-only mode. */
export interface Switch {
  option: string;
  /** The mode that it is in. */
  from: string;
  /** The mode that it is to be in. */
  to: string;
}

/**
 * The switch of an agent into its read-only mode, or out of it: back to the mode `before`, else to its first other one.
 *
 * Undefined where it has no such mode.
 */
export function readOnlySwitch(options: readonly AgentOption[], before?: string): Switch | undefined {
  const mode = options.find(({ category, id }) => category === "mode" || id === "mode");
  const values = mode?.choices.map(({ value }) => value) ?? [];
  const readOnly = values.find((value) => READ_ONLY.includes(value));
  const others = values.filter((value) => !READ_ONLY.includes(value));
  const other = others.find((value) => value === before) ?? others[0];
  if (!mode || readOnly === undefined || other === undefined) {
    return undefined;
  }
  return { option: mode.id, from: mode.value, to: READ_ONLY.includes(mode.value) ? other : readOnly };
}
