/** Show the page of an instance from its top on, where the check is that was chosen. */
export const toTop = (): void => document.getElementById("content")?.scrollTo({ top: 0 });
