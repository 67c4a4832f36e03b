/** The address of a session's transcript, a virtual document of the server's. */
export function transcriptUri(session: string): string {
  return `berth://session/${session}.md`;
}
