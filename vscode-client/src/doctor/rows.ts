import type { Check, DoctorResult } from "../generated/protocol";

/** One check as a list shows it. */
export interface Row {
  label: string;
  detail: string;
}

/** What failed first, then the rest in its order. */
export function rows({ checks }: DoctorResult): Row[] {
  const failedFirst = [...checks].sort((a, b) => Number(a.ok) - Number(b.ok));
  return failedFirst.map((check) => ({
    label: `$(${check.ok ? "pass" : "error"}) ${check.name}`,
    detail: sentences(check),
  }));
}

/** Whether an engine answers. */
export function hasEngine({ checks }: DoctorResult): boolean {
  return checks.some(({ name, ok }) => name === "engine" && ok);
}

/** All checks as text, for a bug report. */
export function report({ checks }: DoctorResult): string {
  return checks.map((check) => `${check.ok ? "ok  " : "FAIL"} ${check.name}: ${sentences(check)}`).join("\n");
}

function sentences({ message, hint }: Check): string {
  return [message, hint].filter((part) => part !== "").join(" ");
}
