/** What a filesystem refuses, in the words that shell commands recognise by their first one. Pure. */

const MEANINGS = {
  EEXIST: "file already exists",
  EINVAL: "invalid argument",
  EISDIR: "illegal operation on a directory",
  ELOOP: "too many levels of symbolic links",
  ENAMETOOLONG: "file name too long",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on device",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
} as const;

export type PosixCode = keyof typeof MEANINGS;

/** The model's doing, and shown to it by the command that met it; never a fault. */
export class PosixError extends Error {
  readonly code: PosixCode;
  constructor(code: PosixCode, operation: string, path: string) {
    super(`${code}: ${MEANINGS[code]}, ${operation} '${path}'`);
    this.name = "PosixError";
    this.code = code;
  }
}
