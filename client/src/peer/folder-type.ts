// The MIME type of a folder that is stored as one file (docs/format.md).

/** As file managers of desktops call it. */
export const FOLDER_TYPE = 'inode/directory';
