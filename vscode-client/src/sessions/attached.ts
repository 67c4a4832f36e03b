/**
 * The address of a folder in a running container, as the Dev Containers extension opens it: which container stands in
 * hexadecimal JSON.
 */
export function attachedUri(container: string, folder: string): string {
  const named = Buffer.from(JSON.stringify({ containerName: container }), "utf-8").toString("hex");
  return `vscode-remote://attached-container+${named}${folder}`;
}
