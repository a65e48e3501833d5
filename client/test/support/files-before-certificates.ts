// The files in what the version before certificates left (fixtures/*-before-certificates), as they were given to it.

export interface FileOfThen {
  /** Of its manifest; no file was sealed then, so this was all of its link. */
  readonly fileId: string;
  readonly name: string;
  readonly text: string;
}

/** Inside its manifest. */
export const DIARY: FileOfThen = {
  fileId: 'a9ac2c1e67d15818d781bb56a5d563c53a8584ff1d62ad6124571070126e2f70',
  name: 'diary.txt',
  text: lines(40, 2, 'of a diary that nobody else is to read'),
};

/** A manifest and a segment. */
export const LONG: FileOfThen = {
  fileId: 'afac8a5f4e897fec536d744df5715c27dd689e53df5fdeb3d1c1f4315fb91275',
  name: 'long.txt',
  text: lines(1_400, 4, 'of a file of one segment, all the same'),
};

/** Listed by its name. */
export const NOTICE: FileOfThen = {
  fileId: 'd1ca5ec97fc6d9b06fb5a189622811fc957058ce222f42e7b208b64919a57d1b',
  name: 'notice.txt',
  text: 'A public notice, stored before nodes had certificates.\n',
};

export const FILES_OF_THEN: readonly FileOfThen[] = [DIARY, LONG, NOTICE];
/** Their blocks, and the notice's name record. */
export const BLOCKS_OF_THEN = 5;

function lines(count: number, digits: number, text: string): string {
  return Array.from({ length: count }, (_, index) => `Line ${String(index + 1).padStart(digits, '0')} ${text}.\n`).join(
    '',
  );
}
