/** The part of a version that says what fits together: before 1.0 the second number does, too. */
function line(version: string): string {
  const [major = "", minor = ""] = version.split(".");
  return major === "0" ? `${major}.${minor}` : major;
}

/** Whether a server of one version does all that an extension of another one asks for. */
export function fits(server: string | undefined, extension: string): boolean {
  return server !== undefined && line(server) === line(extension);
}
