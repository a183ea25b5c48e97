/**
 * Copies what stands in a field. A page that is not served over HTTPS has no `navigator.clipboard`, as on a home server
 * opened by its number: then the older way is tried, and where that is refused too the field is left selected.
 */
export async function copyFrom(field: HTMLInputElement | HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    const before = document.activeElement;
    field.focus();
    field.select();
    if (!olderWay()) return false;
    if (before instanceof HTMLElement) before.focus();
    return true;
  }
}

function olderWay(): boolean {
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  }
}
