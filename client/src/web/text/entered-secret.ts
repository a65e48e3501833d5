// What is typed where a closed ring asks for its password: people paste the link of their invitation there too.

const INVITATION_LINK = /^\s*https?:\/\/\S+#\/join\/([\w-]+)\s*$/;

/** The invitation's secret, if it is the link of one; else the text is the password, every space in it included. */
export function enteredSecret(text: string): string {
  return INVITATION_LINK.exec(text)?.[1] ?? text;
}
