/** Long enough for any browser to have read the file: some begin after the press is over. */
const KEPT_MS = 40_000;

/** Hands a file to the browser, to be saved under its name. */
export function saveFile(file: File): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
