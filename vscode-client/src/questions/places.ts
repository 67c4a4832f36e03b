/** A text in which the places where settings stand, `(folder/file:line)`, are told from the folder on. */
export function withinFolder(text: string, folder: string): string {
  return text.replaceAll(`(${folder}/`, "(");
}
