/** The programs of a workspace's shell, besides its builtins: those of just-bash that work without Node and without a network. */
import type { CommandName } from "just-bash/browser";

export const COMMANDS: readonly CommandName[] = [
  ...(["awk", "base64", "basename", "bash", "cat", "chmod", "column", "comm", "cp", "cut", "date", "diff"] as const),
  ...(["dirname", "du", "echo", "egrep", "env", "expand", "expr", "false", "fgrep", "file", "find", "fold"] as const),
  ...(["grep", "head", "hostname", "join", "jq", "ln", "ls", "md5sum", "mkdir", "mv", "nl", "od", "paste"] as const),
  ...(["printenv", "printf", "pwd", "readlink", "rev", "rg", "rm", "rmdir", "sed", "seq", "sh", "sha1sum"] as const),
  ...(["sha256sum", "sleep", "sort", "split", "stat", "strings", "tac", "tail", "tee", "time", "timeout"] as const),
  ...(["touch", "tr", "tree", "true", "unexpand", "uniq", "wc", "which", "whoami", "xargs"] as const),
];
