import type { ErrorData } from "../generated/protocol";
import { isRecord } from "./records";

/** Reads what a failed request says: the server's own error when it is one, else the plain message. */
export function readFailure(error: unknown): ErrorData {
  const data = isRecord(error) ? error["data"] : undefined;
  if (isRecord(data) && typeof data["kind"] === "string" && typeof data["message"] === "string") {
    const hint = typeof data["hint"] === "string" ? data["hint"] : "";
    return { kind: data["kind"], message: data["message"], hint };
  }
  return { kind: "request-failed", message: error instanceof Error ? error.message : String(error), hint: "" };
}

/** An error as one paragraph. */
export function sentence(error: ErrorData): string {
  return [error.message, error.hint].filter((part) => part !== "").join(" ");
}
