// The third-party notices of the page, as they stand in the repository.

/** Read when they are asked for: nobody else needs the text. */
export async function licences(): Promise<string> {
  return (await import("@notices?raw")).default;
}
