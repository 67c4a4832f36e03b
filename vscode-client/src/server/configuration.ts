import type { CancellationToken, ConfigurationParams, ConfigurationRequest } from "vscode-languageclient/node";

/** Answers `workspace/configuration` as VS Code does, less the settings that are this client's own. */
export async function withoutOwnSettings(
  params: ConfigurationParams,
  token: CancellationToken,
  next: ConfigurationRequest.HandlerSignature,
): Promise<unknown[]> {
  const answer: unknown = await next(params, token);
  return Array.isArray(answer) ? answer.map(stripped) : [];
}

/** A section without `serverCommand`, which says how to start the server and is nothing to it. */
export function stripped(section: unknown): unknown {
  if (typeof section !== "object" || section === null || Array.isArray(section)) {
    return section;
  }
  const { serverCommand: _, ...rest } = section as Record<string, unknown>;
  return rest;
}
