export function readFile(
  link: string,
  directories: readonly string[],
): { readonly name: string; readonly type: string; readonly size: number; readonly bytes: Buffer };

export function readFolder(link: string, directories: readonly string[]): Readonly<Record<string, Buffer | undefined>>;
