import type { ShowDocumentRequest, StaticFeature } from "vscode-languageclient/node";
import { type LanguageClient, TextDocumentContentRequest } from "vscode-languageclient/node";
import { sessionAt } from "../transcript/uri";

/** Tells of each transcript that the server says has grown. The library hears it, and tells only its own documents. */
export function hearingTranscripts(client: LanguageClient, tell: (session: string) => void): StaticFeature {
  return {
    fillClientCapabilities: () => undefined,
    initialize: () => {
      for (const provider of client.getFeature(TextDocumentContentRequest.method)?.getProviders() ?? []) {
        provider.onDidChangeEmitter.event((uri) => {
          const session = sessionAt(uri.toString());
          if (session !== undefined) {
            tell(session);
          }
        });
      }
    },
    getState: () => ({ kind: "static" }),
    clear: () => undefined,
  };
}

/** Opens transcripts that the server asks to be shown as this client does, and everything else as VS Code does. */
export function showingTranscripts(show: (session: string) => void): ShowDocumentRequest.MiddlewareSignature {
  return async (params, token, next) => {
    const session = sessionAt(params.uri);
    if (session === undefined) {
      return next(params, token);
    }
    show(session);
    return { success: true };
  };
}
